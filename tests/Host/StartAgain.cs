using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Host;

/// <summary><c>./run</c> keeps a node running: what crashed is started again, what ended is not.</summary>
[Trait("Rule", "R2")]
public sealed class StartAgain : IDisposable
{
    const string App = "host/bin/Release/net10.0/DirectoryPlatform.Host.dll";

    readonly Checkout _here = new("run", "build/unchanged");

    public void Dispose() => _here.Dispose();

    /// <summary>A program in place of the product: each start says so, and then does this.</summary>
    void Node(string does)
    {
        _here.Write("host/Program.cs", "");
        foreach (var folder in (string[])["web", "modules"]) Directory.CreateDirectory(_here.At(folder));
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "package.json", ".npmrc"])
            _here.Write(file, "");
        _here.Program("path/dotnet", $"""
            if [[ $1 == build ]]; then mkdir -p {Path.GetDirectoryName(App)}; touch {App}; exit 0; fi
            echo started >>starts.txt
            {does}
            """);
    }

    int Starts => File.Exists(_here.At("starts.txt")) ? File.ReadLines(_here.At("starts.txt")).Count() : 0;

    [Fact]
    public async Task A_node_that_crashed_is_started_again_and_one_that_ended_is_not()
    {
        Node("(( $(wc -l <starts.txt) > 1 )) || kill -KILL $$");
        var (code, lines) = await _here.Run("run", "--no-demo");
        code.ShouldBe(0, string.Join('\n', lines));
        Starts.ShouldBe(2);
        lines.ShouldContain(line => line.Contains("ended by signal 9 and is started again"));
    }

    [Theory]
    [InlineData(0, "--urls", "http://localhost:1")]
    [InlineData(1, "--no-demo")]
    [InlineData(137, "migrate")]
    [InlineData(137, "--data", "there", "import", "people.csv")]
    public async Task Who_refuses_to_start_or_only_does_its_work_is_started_once(int ends, params string[] arguments)
    {
        Node($"exit {ends}");
        var (code, lines) = await _here.Run("run", arguments);
        (code, Starts).ShouldBe((ends, 1), string.Join('\n', lines));
    }

    [Fact]
    public async Task Who_asks_it_to_stop_asks_the_node_and_waits_for_its_end()
    {
        Node("trap 'sleep 0.3; echo gone >>ends.txt; exit 0' TERM; kill -TERM $PPID; for i in {1..600}; do sleep 0.1; done");
        var (code, lines) = await _here.Run("run");
        code.ShouldBe(0, string.Join('\n', lines));
        Starts.ShouldBe(1);
        File.Exists(_here.At("ends.txt")).ShouldBeTrue("the script ended before its node");
    }
}
