using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>A document that names a file, links to one or names a test leads to it.</summary>
public sealed partial class KeepThePaths
{
    static readonly string[] Guides = ["README.md", "modules/README.md"];

    /// <summary>What is written to the documents, by the path of each.</summary>
    static Dictionary<string, string> Documents() => Guides.Select(g => Path.Combine(Checkout.Root.FullName, g))
        .Concat(Directory.EnumerateFiles(Path.Combine(Checkout.Root.FullName, "docs"), "*.md", SearchOption.AllDirectories))
        .ToDictionary(f => Path.GetRelativePath(Checkout.Root.FullName, f), File.ReadAllText);

    static IEnumerable<string> Missing(string text) =>
        Named().Matches(text).Select(m => m.Groups["path"].Value).Where(p => !File.Exists(Path.Combine(Checkout.Root.FullName, p)));

    [Fact]
    public void Every_file_that_a_document_names_is_there()
    {
        var texts = Documents();
        texts.Values.Sum(t => Named().Count(t)).ShouldBeGreaterThan(100);
        texts.SelectMany(t => Missing(t.Value).Select(path => $"{t.Key}: {path}")).ShouldBeEmpty();
    }

    [Fact]
    public void A_planted_path_that_leads_nowhere_is_found() =>
        Missing("see `modules/Kernel/Kernel.csproj` and `modules/Nowhere/Nothing.cs`").ShouldBe(["modules/Nowhere/Nothing.cs"]);

    [Fact]
    public void Every_link_within_the_documents_leads_somewhere()
    {
        var links = (from document in Documents()
                     from link in Link().Matches(document.Value)
                     select (From: document.Key, To: link.Groups["path"].Value)).ToList();
        links.Count.ShouldBeGreaterThan(100);
        links.Where(l => !File.Exists(Path.Combine(Checkout.Root.FullName, Path.GetDirectoryName(l.From)!, l.To))).ShouldBeEmpty();
    }

    [Fact]
    public void A_document_that_is_shipped_leads_to_documents_that_are()
    {
        var shipped = Shipped().Select(path => Path.Combine(Checkout.Root.FullName, path)).SelectMany(path =>
                Directory.Exists(path) ? Directory.EnumerateFiles(path) : [path])
            .Select(path => Path.GetRelativePath(Checkout.Root.FullName, path)).ToHashSet();
        shipped.ShouldContain("docs/operate/production.md");
        var texts = shipped.Where(path => path.EndsWith(".md", StringComparison.Ordinal))
            .ToDictionary(path => path, path => File.ReadAllText(Path.Combine(Checkout.Root.FullName, path)));
        var linked = texts.SelectMany(t => Link().Matches(t.Value).Select(m => (From: t.Key, To: Path.GetRelativePath(
            Checkout.Root.FullName, Path.Combine(Checkout.Root.FullName, Path.GetDirectoryName(t.Key)!, m.Groups["path"].Value)))));
        // Decisions name besides what stands beside the source.
        var named = texts.Where(t => !t.Key.StartsWith("docs/decisions/", StringComparison.Ordinal))
            .SelectMany(t => Named().Matches(t.Value).Select(m => (From: t.Key, To: m.Groups["path"].Value)))
            .Where(n => n.To.StartsWith("docs/", StringComparison.Ordinal));
        var all = linked.Concat(named).ToList();
        all.Count.ShouldBeGreaterThan(50);
        all.Where(l => !shipped.Contains(l.To)).ShouldBeEmpty();
    }

    /// <summary>What <c>build/publish</c> puts beside the program, as its shell reads it.</summary>
    static IEnumerable<string> Shipped() => Copied().Match(File.ReadAllText(Path.Combine(Checkout.Root.FullName, "build", "publish")))
        .Groups["paths"].Value.Split(' ').SelectMany(path => path.Split('{', '}') is [var before, var among, var behind]
            ? among.Split(',').Select(name => before + name + behind) : [path]);

    [Fact]
    public void Every_test_that_a_document_names_is_there()
    {
        var sources = ((string[])["tests", "tests-browser"]).SelectMany(project => Directory.EnumerateFiles(
                Path.Combine(Checkout.Root.FullName, project), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        var named = Documents().Values.SelectMany(t => TestRun().Matches(t)).Select(m => (Run: m.Groups["run"], Name: m.Groups["name"]))
            .Select(n => n.Run.Success ? $"[Trait(\"Run\", \"{n.Run.Value}\")]" : n.Name.Value).Distinct().ToList();
        named.Count.ShouldBeGreaterThan(10);
        named.Where(name => !sources.Exists(s => name.StartsWith('[') ? s.Contains(name[1..^1], StringComparison.Ordinal)
            : s.Contains($"class {name}", StringComparison.Ordinal) || s.Contains($".Tests.{name};", StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    /// <summary>To another document: not to the web, and not within its own.</summary>
    [GeneratedRegex(@"\]\((?<path>[^():#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    /// <summary>In words of our own: what is written in capitals alone stands for any.</summary>
    [GeneratedRegex(@"`\./test (--full (?<run>[A-Z][a-z]\w*)|(?<name>[A-Z][a-z]\w*))`")]
    private static partial Regex TestRun();

    [GeneratedRegex("""^ *cp --parents -r (?<paths>.+) "\$folder"$""", RegexOptions.Multiline)]
    private static partial Regex Copied();

    [GeneratedRegex(@"`(?<path>(modules|web|host|cli|bench|tests|tests-browser|build|docs)/[\w./-]+\.\w+)`")]
    private static partial Regex Named();
}
