using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>A document that names a file leads to it.</summary>
public sealed partial class KeepThePaths
{
    static readonly string[] Guides = ["README.md", "modules/README.md"];

    static IEnumerable<string> Missing(string text) =>
        Named().Matches(text).Select(m => m.Groups["path"].Value).Where(p => !File.Exists(Path.Combine(Checkout.Root.FullName, p)));

    [Fact]
    public void Every_file_that_a_document_names_is_there()
    {
        var folder = Path.Combine(Checkout.Root.FullName, "docs");
        var texts = Guides.Select(g => Path.Combine(Checkout.Root.FullName, g))
            .Concat(Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories))
            .ToDictionary(f => Path.GetRelativePath(Checkout.Root.FullName, f), File.ReadAllText);
        texts.Values.Sum(t => Named().Count(t)).ShouldBeGreaterThan(100);
        texts.SelectMany(t => Missing(t.Value).Select(path => $"{t.Key}: {path}")).ShouldBeEmpty();
    }

    [Fact]
    public void A_planted_path_that_leads_nowhere_is_found() =>
        Missing("see `modules/Kernel/Kernel.csproj` and `modules/Nowhere/Nothing.cs`").ShouldBe(["modules/Nowhere/Nothing.cs"]);

    [GeneratedRegex(@"`(?<path>(modules|web|host|cli|bench|tests|tests-browser|build|docs)/[\w./-]+\.\w+)`")]
    private static partial Regex Named();
}
