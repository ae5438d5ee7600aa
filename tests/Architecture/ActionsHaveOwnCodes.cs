using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>A job counts what was done and what was refused under codes, and asks them which action it was when it is undone (SPEC C9). An
/// action whose code is a refusal's would offer to undo what was refused.</summary>
[Trait("Rule", "C9")]
public sealed partial class ActionsHaveOwnCodes
{
    static string[] Sources => [.. Directory.GetFiles(Path.Combine(Checkout.Root.FullName, "modules"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText)];

    /// <summary>No job signs anybody in.</summary>
    static HashSet<string> Codes(IEnumerable<string> sources, Regex of) => [.. sources.SelectMany(s => of.Matches(s))
        .Where(m => !m.Groups["name"].Value.EndsWith("AtSignIn", StringComparison.Ordinal)).Select(m => m.Groups["code"].Value)];

    static IEnumerable<string> Both(string[] sources) => Codes(sources, Action()).Intersect(Codes(sources, Refused()));

    [Fact]
    public void No_action_counts_under_the_code_of_a_refusal()
    {
        Codes(Sources, Action()).ShouldContain("deactivated");
        Codes(Sources, Refused()).ShouldContain("alreadyDeactivated");
        Both(Sources).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_would_is_found() => Both(
        [.. Sources, """    public override string Code => "excluded";"""]).ShouldBe(["excluded"]);

    [GeneratedRegex("override string Code => \"(?<code>\\w+)\"")]
    private static partial Regex Action();

    [GeneratedRegex(@"record (?<name>\w+)(\([^)]*\))?\s*:\s*Refusal\(\s*""(?<code>\w+)""")]
    private static partial Regex Refused();
}
