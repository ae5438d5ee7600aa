using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Other implementations of SCIM, from npm, in one process that answers line by line (tests/scim).</summary>
public sealed class OtherScim : IAsyncLifetime
{
    static readonly SemaphoreSlim Installing = new(1);

    Process _node = null!;

    public async Task InitializeAsync()
    {
        var folder = FindFolder();
        await Installing.WaitAsync();
        try
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules", "scimmy")))
            {
                using var npm =
                    Process.Start(new ProcessStartInfo("npm",
                        ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
                    { WorkingDirectory = folder })!;
                await npm.WaitForExitAsync();
                npm.ExitCode.ShouldBe(0);
            }
        }
        finally { Installing.Release(); }
        _node = Process.Start(new ProcessStartInfo("node", ["others.mjs"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true
        })!;
    }

    /// <summary>The answers, in order. Questions and answers flow at once: neither pipe holds them all.</summary>
    public async Task<IReadOnlyList<JsonNode>> Ask(IReadOnlyList<JsonObject> questions)
    {
        var asking = Task.Run(async () =>
        {
            foreach (var question in questions) await _node.StandardInput.WriteLineAsync(question.ToJsonString());
            await _node.StandardInput.FlushAsync();
        });
        var answers = new List<JsonNode>(questions.Count);
        while (answers.Count < questions.Count)
            answers.Add(JsonNode.Parse(await _node.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException("The other implementations ended."))!);
        await asking;
        return answers;
    }

    public async Task<JsonNode> AskOne(JsonObject question) => (await Ask((JsonObject[])[question]))[0];

    public Task DisposeAsync()
    {
        _node.StandardInput.Close();
        _node.WaitForExit(5_000);
        _node.Dispose();
        return Task.CompletedTask;
    }

    static string FindFolder()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "DirectoryPlatform.sln")))
            at = at.Parent ?? throw new InvalidOperationException("The source tree was not found above the test program.");
        return Path.Combine(at.FullName, "tests", "scim");
    }
}
