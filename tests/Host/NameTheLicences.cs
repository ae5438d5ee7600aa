using System.Diagnostics;
using System.Text.Json;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Host;

/// <summary><c>NOTICE</c> names what of others is in the product, with its licence.</summary>
public sealed class NameTheLicences
{
    static async Task<(int Exit, string Said)> Check(string root)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(root, "build", "notice"), "--check"]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    [Fact]
    public async Task The_notice_is_what_restore_and_npm_have()
    {
        var (exit, said) = await Check(Checkout.Root.FullName);
        (exit, said).ShouldBe((0, ""));
    }

    [Fact]
    public async Task A_package_more_or_without_a_licence_is_found()
    {
        using var here = new Checkout("build/notice", "NOTICE", "LICENSE", "package-lock.json", "host/obj/project.assets.json",
            "cli/obj/project.assets.json");
        Directory.CreateSymbolicLink(here.At("node_modules"), Path.Combine(Checkout.Root.FullName, "node_modules"));
        Directory.CreateSymbolicLink(here.At("build/licences"), Path.Combine(Checkout.Root.FullName, "build", "licences"));
        (await Check(here.Folder.FullName)).ShouldBe((0, ""));

        var file = here.At("package-lock.json");
        var lockFile = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, lockFile.Replace("7.5.4", "7.5.5", StringComparison.Ordinal));
        var (more, why) = await Check(here.Folder.FullName);
        (more, why.Contains("run build/notice", StringComparison.Ordinal)).ShouldBe((1, true), why);

        await File.WriteAllTextAsync(file, lockFile.Replace("\"license\": \"MIT\"", "\"nothing\": \"\"", StringComparison.Ordinal));
        (more, why) = await Check(here.Folder.FullName);
        (more, why.StartsWith("No licence is known of ", StringComparison.Ordinal)).ShouldBe((1, true), why);
    }

    /// <summary>Each package that a program is started with stands there: the same from the other end.</summary>
    [Theory]
    [InlineData("DirectoryPlatform.Host", 20), InlineData("directory", 2)]
    public async Task Each_library_beside_the_program_is_named(string program, int least)
    {
        var notice = await File.ReadAllTextAsync(Path.Combine(Checkout.Root.FullName, "NOTICE"));
        var file = Path.Combine(AppContext.BaseDirectory, $"{program}.deps.json");
        using var beside = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        var code = beside.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject()
            .Where(p => p.Value.TryGetProperty("runtime", out _)).Select(p => p.Name)
            .Where(p => !p.StartsWith("DirectoryPlatform.", StringComparison.Ordinal)
                && !p.StartsWith("directory/", StringComparison.Ordinal)).ToList();
        code.Count.ShouldBeGreaterThanOrEqualTo(least);
        code.Where(p => !notice.Contains($"\n{p.Replace('/', ' ')}: ", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
