using System.Diagnostics;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Internal.Profile.Pictures;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>The process that decodes a picture may break, stand still and want everything: the upload is refused, and the next one is
/// taken (SPEC M5).</summary>
[Trait("Rule", "M5"), Trait("Rule", "S8")]
public sealed class DrawPicturesApart
{
    static readonly PictureProgram Product = PictureProgram.Of(typeof(DirectoryPlatform.Host.Startup.Modules).Assembly);
    static readonly byte[] Picture = PictureFiles.Png(40, 40);

    static PictureMaking With(PictureProgram program, double seconds = 30) =>
        new(program, NullLogger<PictureMaking>.Instance) { Patience = TimeSpan.FromSeconds(seconds) };

    /// <summary>A shell in its place, which gets the limits as arguments and does something else.</summary>
    static PictureProgram Shell(string does) => new("/bin/sh", "-c", does, "sh");

    [Theory]
    [InlineData("kill -SEGV $$"), InlineData("kill -ABRT $$"), InlineData("exit 1"), InlineData("exit 0"), InlineData("exec <&-; exit 3")]
    [InlineData("cat >/dev/null; echo no picture")]
    [InlineData("cat")]
    [InlineData("cat >/dev/null; head -c 100000000 /dev/zero")]
    [InlineData("cat >/dev/null; head -c 100000000 /dev/zero >&2; exit 3")]
    [InlineData("exec >&- 2>&- <&-; exec sleep 1000")]
    [InlineData("exec sleep 1000")]
    [InlineData("sleep 5 & exit 3")]
    [InlineData("exec yes")]
    public async Task Whatever_becomes_of_the_child_one_upload_is_refused(string does)
    {
        var watch = Stopwatch.StartNew();
        (await With(Shell(does), seconds: 2).Square([.. Picture, .. new byte[1_000_000]], CancellationToken.None))
            .Refusal.ShouldBeOfType<PictureUnreadable>();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task One_that_hangs_keeps_the_others_waiting_no_longer_than_its_time_and_leaves_no_process()
    {
        var file = Path.GetTempFileName();
        // The first waits for ever, the others do what the product does.
        var making = With(Shell($"if [ -s {file} ]; then exec {Product.File} {string.Join(' ', Product.Arguments)} \"$@\"; fi; "
            + $"echo $$ >{file}; exec sleep 1000"), seconds: 10);
        var first = making.Square(Picture, CancellationToken.None);
        while (new FileInfo(file).Length == 0) await Task.Delay(20);
        var others = Enumerable.Range(0, 3).Select(_ => making.Square(Picture, CancellationToken.None)).ToList();
        (await first).Refusal.ShouldBeOfType<PictureUnreadable>();
        foreach (var other in others) (await other).Granted.ShouldBeTrue();
        Directory.Exists($"/proc/{File.ReadAllText(file).Trim()}").ShouldBeFalse();
        File.Delete(file);
    }

    [Theory]
    [InlineData("exit 3"), InlineData("exec yes"), InlineData("exec sleep 1000")]
    public async Task No_pipe_to_a_process_outlives_its_upload(string does)
    {
        var file = Path.GetTempFileName();
        // Each asked for apart: what writes to the file has it in place of the pipe.
        var program = Shell("in=$(readlink /proc/$$/fd/0); out=$(readlink /proc/$$/fd/1); err=$(readlink /proc/$$/fd/2); "
            + $"printf '%s\\n' \"$in\" \"$out\" \"$err\" >{file}; {does}");
        await With(program, seconds: 2).Square(Picture, CancellationToken.None);
        var pipes = File.ReadAllLines(file);
        pipes.Length.ShouldBe(3);
        pipes.ShouldAllBe(pipe => pipe.StartsWith("pipe:", StringComparison.Ordinal));
        List<string> Open() => [.. Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(descriptor => new FileInfo(descriptor).LinkTarget ?? "").Intersect(pipes)];
        for (var i = 0; i < 100 && Open().Count > 0; i++) await Task.Delay(20);
        Open().ShouldBeEmpty();
        File.Delete(file);
    }

    [Fact]
    public async Task What_the_process_started_ends_with_it()
    {
        var file = Path.GetTempFileName();
        await With(Shell($"sleep 1000 & echo $! >{file}; wait"), seconds: 2).Square(Picture, CancellationToken.None);
        var started = File.ReadAllText(file).Trim();
        started.ShouldNotBeEmpty();
        bool Lives()
        {
            try { return !File.ReadAllText($"/proc/{started}/status").Contains("State:\tZ", StringComparison.Ordinal); }
            catch (IOException) { return false; }
        }
        for (var i = 0; i < 100 && Lives(); i++) await Task.Delay(20);
        Lives().ShouldBeFalse();
        File.Delete(file);
    }

    [Fact]
    public async Task An_upload_that_is_given_up_ends_its_process()
    {
        var file = Path.GetTempFileName();
        using var given = new CancellationTokenSource();
        var upload = With(Shell($"echo $$ >{file}; exec sleep 1000")).Square(Picture, given.Token);
        while (new FileInfo(file).Length == 0) await Task.Delay(20);
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(upload);
        for (var i = 0; i < 500 && Directory.Exists($"/proc/{File.ReadAllText(file).Trim()}"); i++) await Task.Delay(20);
        Directory.Exists($"/proc/{File.ReadAllText(file).Trim()}").ShouldBeFalse();
        File.Delete(file);
    }

    [Theory]
    [InlineData("/nowhere/at/all")]
    [InlineData("/bin/sh", "-c", "exit 4")]
    public async Task A_program_that_is_not_there_or_cannot_limit_itself_is_the_operators_matter(string file, params string[] arguments) =>
        (await With(new(file, arguments)).Square(Picture, CancellationToken.None)).Refusal.ShouldBeOfType<PicturesUnavailable>();

    [Fact]
    public async Task The_products_own_child_limits_itself_before_it_reads_and_knows_no_settings()
    {
        var environment = Path.GetTempFileName();
        // What surrounds the child, as it is started for an upload.
        Environment.SetEnvironmentVariable("ConnectionStrings__Secret", "Password=hunter2");
        await With(Shell($"env >{environment}; exit 3")).Square(Picture, CancellationToken.None);
        File.ReadAllText(environment).ShouldSatisfyAllConditions(e => e.ShouldContain("DOTNET_"), e => e.ShouldNotContain("hunter2"));
        Environment.SetEnvironmentVariable("ConnectionStrings__Secret", null);
        File.Delete(environment);

        using var child = Process.Start(new ProcessStartInfo(Product.File, [.. Product.Arguments, PictureProgram.Word, "700", "9"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        IEnumerable<string> Limits() => File.ReadAllText($"/proc/{child.Id}/limits").Split('\n')
            .Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        // Until the last of them is set.
        for (var i = 0; i < 500 && !Limits().Contains("Max file size 0 0 bytes"); i++) await Task.Delay(20);
        Limits().ShouldSatisfyAllConditions(
            l => l.ShouldContain("Max data size 734003200 734003200 bytes"), l => l.ShouldContain("Max cpu time 9 9 seconds"),
            l => l.ShouldContain("Max core file size 0 0 bytes"), l => l.ShouldContain("Max file size 0 0 bytes"));
        child.HasExited.ShouldBeFalse("it waits for a picture");
        child.StandardInput.Close();
        await child.WaitForExitAsync();
        child.ExitCode.ShouldBe(PictureChild.Unreadable);
    }

    /// <summary>Whole decoding, without the look at the header that comes before it: the limit alone holds.</summary>
    [Theory]
    [InlineData("512", 0), InlineData("150", null)]
    public async Task Too_little_memory_ends_the_child_alone(string megabytes, int? code)
    {
        using var child = Process.Start(
            new ProcessStartInfo(Product.File, [.. Product.Arguments, PictureProgram.Word, megabytes, "30"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var said = child.StandardError.ReadToEndAsync();
        var drawn = child.StandardOutput.ReadToEndAsync();
        try
        {
            await child.StandardInput.BaseStream.WriteAsync(PictureFiles.Png(6_000, 5_000));
            child.StandardInput.Close();
        }
        catch (IOException) { }
        await child.WaitForExitAsync();
        _ = (await said, await drawn);
        if (code is { } wanted) child.ExitCode.ShouldBe(wanted, await said);
        else child.ExitCode.ShouldNotBe(0);
    }
}
