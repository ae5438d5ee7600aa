using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>No two folders of a project use one another, directly or in a circle; a module's contract at its root does not use what is
/// <c>Internal</c> (decision 0055). Read from the sources: constants leave no trace in a compiled program.</summary>
public sealed partial class FoldersStandInLayers
{
    /// <summary>A source: its folder within the project, what it declares, and every word of it that may be a type's name.</summary>
    sealed record Source(string Folder, IReadOnlyList<string> Declares, IReadOnlySet<string> Says);

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_two_folders_of_a_project_stand_in_a_circle(string project)
    {
        var sources = Read(project).ToList();
        sources.Count.ShouldBeGreaterThan(2);
        Circles(sources).ShouldBeEmpty();
    }

    public static TheoryData<string> Projects() => [.. Checkout.Root.EnumerateFiles("*.csproj", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Checkout.Root.FullName, f.DirectoryName!).Replace('\\', '/'))
        .Where(f => !f.StartsWith("node_modules/", StringComparison.Ordinal)).Order()];

    [Fact]
    public void A_planted_circle_is_found_whatever_its_length()
    {
        Circles([
            Of("Sessions", "class Session { Policy _policy; }"),
            Of("Policies", "record Policy; sealed class PolicyReader(RoleStore roles);"),
            Of("Roles", """class RoleStore { string _said = "Session"; }"""),
        ]).ShouldBeEmpty("a word in a text uses nothing");
        Circles([
            Of("Sessions", "class Session { Policy _policy; }"),
            Of("Policies", "record Policy; sealed class PolicyReader(RoleStore roles);"),
            Of("Roles", "class RoleStore { /* Policy */ Session? _of; } // Policy"),
            Of("Text", "class Words;"),
        ]).ShouldBe(["Policies → Roles → Sessions: Policies uses RoleStore; Roles uses Session; Sessions uses Policy"]);
    }

    static IEnumerable<Source> Read(string project)
    {
        var root = new DirectoryInfo(Path.Combine(Checkout.Root.FullName, project));
        var nested = root.EnumerateFiles("*.csproj", SearchOption.AllDirectories).Select(f => f.DirectoryName!)
            .Where(d => d != root.FullName);
        return root.EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Where(f => !nested.Any(d => f.FullName.StartsWith(d + "/", StringComparison.Ordinal)) && !Generated().IsMatch(f.FullName)
                && !PutsTogether().IsMatch(f.Name))
            .Select(f => Of(Path.GetRelativePath(root.FullName, f.DirectoryName!).Split('/', '\\')[0], File.ReadAllText(f.FullName)));
    }

    static Source Of(string folder, string text)
    {
        var code = NotCode().Replace(text, " ");
        return new(folder, [.. Declaration().Matches(code).Select(m => m.Groups["name"].Value)],
            Word().Matches(code).Select(m => m.Value).ToHashSet());
    }

    /// <summary>One line for each set of folders of which each can be reached from each, with one arrow of each.</summary>
    static IEnumerable<string> Circles(IReadOnlyList<Source> sources)
    {
        var home = sources.SelectMany(s => s.Declares.Distinct().Select(name => (name, s.Folder))).GroupBy(d => d.name)
            .Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.First().Folder);
        var arrows = sources.SelectMany(s => s.Says.Where(w => home.TryGetValue(w, out var to) && to != s.Folder && !s.Declares.Contains(w))
            .Select(w => (From: s.Folder, To: home[w], Type: w))).ToList();
        var next = arrows.ToLookup(a => a.From, a => a.To);
        var reach = sources.Select(s => s.Folder).Distinct().ToDictionary(f => f, f =>
        {
            var (seen, open) = (new HashSet<string>(), new Stack<string>(next[f]));
            while (open.TryPop(out var at))
                if (seen.Add(at))
                    foreach (var to in next[at]) open.Push(to);
            return seen;
        });
        return reach.Keys.Where(f => reach[f].Contains(f)).Select(f => reach[f].Where(to => reach[to].Contains(f)).Order().ToList())
            .DistinctBy(circle => circle[0]).Select(circle => string.Join(" → ", circle) + ": " + string.Join("; ", arrows
                .Where(a => circle.Contains(a.From) && circle.Contains(a.To)).GroupBy(a => (a.From, a.To)).OrderBy(g => g.Key)
                .Select(g => $"{g.Key.From} uses {g.Select(a => a.Type).Distinct().Order().First()}")));
    }

    [GeneratedRegex("/(obj|bin|node_modules)/")]
    private static partial Regex Generated();

    /// <summary>What composes a project, and what lists its facts and refusals, may name all of it.</summary>
    [GeneratedRegex("(Registration|Facts|Refusals)\\.cs$")]
    private static partial Regex PutsTogether();

    [GeneratedRegex(""""
        //[^\n]*|/\*[\s\S]*?\*/|\$*"{3,}[\s\S]*?"{3,}|[$@]*"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'
        """")]
    private static partial Regex NotCode();

    /// <summary>Of a type that stands by itself: one within another is nobody else's.</summary>
    [GeneratedRegex(@"^(?:[a-z]+ )*(?:class|record(?: struct| class)?|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    /// <summary>Not a member, not the name of a property, a parameter or a label, and not a call.</summary>
    [GeneratedRegex(@"(?<![.\w])(?<!(?:[>?\]]|\b[A-Z]\w*|\b(?:string|int|long|bool|short|byte|object|void|double))\s)[A-Z]\w*\b"
        + @"(?!\s*(?:=[^=>]|:))(?:(?<=\bnew \w+)|(?!\())")]
    private static partial Regex Word();
}
