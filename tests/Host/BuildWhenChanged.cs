using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Host;

/// <summary><c>./run</c> builds when a source is another than at the last build, and only then.</summary>
public sealed class BuildWhenChanged : IDisposable
{
    const string App = "host/bin/Release/net10.0/DirectoryPlatform.Host.dll";

    readonly Checkout _here = new("run", "build/unchanged");

    public BuildWhenChanged()
    {
        string[] sources = ["host/Program.cs", "web/Pages/Index.cshtml", "modules/Kernel/Kernel.cs", "modules/Domains/Names/Suffixes.cs",
            "Directory.Build.props", "Directory.Build.targets", "package.json", ".npmrc"];
        foreach (var source in sources) _here.Write(source, "as it was");
        // As the real build does, it makes folders among the sources and files in them.
        _here.Program("path/dotnet", $"""
            echo "$*" >>done.txt
            [[ $1 == build ]] || exit 0
            if [[ -e broken ]]; then echo "error CS1002"; exit 1; fi
            mkdir -p {Path.GetDirectoryName(App)} host/obj/Release modules/Kernel/obj web/wwwroot/lib modules/Domains/Names/Data
            touch {App} host/obj/Release/host.cache modules/Kernel/obj/kernel.cache
            touch web/wwwroot/lib/htmx.min.js modules/Domains/Names/Data/.stamp
            """);
    }

    public void Dispose() => _here.Dispose();

    async Task Start(int code = 0)
    {
        var (got, lines) = await _here.Run("run", "--port", "1");
        got.ShouldBe(code, string.Join('\n', lines));
    }

    /// <summary>What was done so far: b for a build, s for a start.</summary>
    string Done => string.Concat(File.ReadLines(_here.At("done.txt")).Select(line => line switch
    {
        "build host -c Release -v quiet -nologo" => 'b',
        $"{App} --port 1" => 's',
        _ => throw new InvalidOperationException(line),
    }));

    [Fact]
    public async Task Two_starts_in_a_row_build_once()
    {
        await Start();
        await Start();
        await Start();
        Done.ShouldBe("bsss");
    }

    public static TheoryData<string, Action<Checkout>> Changes => new()
    {
        { "touched", here => File.SetLastWriteTimeUtc(here.At("web/Pages/Index.cshtml"), DateTime.UnixEpoch) },
        { "written", here => here.Write("modules/Kernel/Kernel.cs", "another") },
        { "deleted", here => File.Delete(here.At("modules/Domains/Names/Suffixes.cs")) },
        { "renamed", here => File.Move(here.At("host/Program.cs"), here.At("host/Start.cs")) },
        { "added", here => here.Write("web/wwwroot/new.css", "") },
        { "hidden", here => here.Write(".npmrc", "another") },
        { "imported", here => here.Write("Directory.Build.targets", "another") },
        { "not built", here => File.Delete(here.At(App)) },
    };

    [Theory, MemberData(nameof(Changes))]
    public async Task A_change_builds_again_and_once(string what, Action<Checkout> change)
    {
        await Start();
        change(_here);
        await Start();
        await Start();
        Done.ShouldBe("bsbss", what);
    }

    [Fact]
    public async Task A_build_that_failed_is_tried_again_and_nothing_starts()
    {
        _here.Write("broken", "");
        await Start(code: 1);
        await Start(code: 1);
        File.Delete(_here.At("broken"));
        await Start();
        Done.ShouldBe("bbbs");
    }

    [Fact]
    public async Task What_changes_while_it_builds_is_built_at_the_next_start()
    {
        _here.Program("path/dotnet", $"""
            echo "$*" >>done.txt
            [[ $1 == build && ! -e {App} ]] || exit 0
            mkdir -p {Path.GetDirectoryName(App)}
            touch {App} web/late.cs
            """);
        await Start();
        await Start();
        await Start();
        Done.ShouldBe("bsbss");
    }
}
