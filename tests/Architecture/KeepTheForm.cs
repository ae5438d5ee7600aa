using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>
/// The part of <c>dotnet format --verify-no-changes</c> which needs every project loaded, read from the text instead: it took 220 seconds
/// of processor time, and its other part, <c>dotnet format whitespace --folder</c>, takes 12. <c>dotnet format</c> puts both right.
/// </summary>
public sealed partial class KeepTheForm
{
    static readonly string[] Folders = ["bench", "cli", "host", "modules", "tests", "tests-browser", "web"];

    static IEnumerable<(string Name, string Text)> Sources() => Folders
        .Select(folder => new DirectoryInfo(Path.Combine(Checkout.Root.FullName, folder)))
        .SelectMany(folder => folder.EnumerateFiles("*.cs", SearchOption.AllDirectories))
        .Where(file => !file.FullName.Contains("/obj/") && !file.FullName.Contains("/bin/"))
        .Select(file => (Path.GetRelativePath(Checkout.Root.FullName, file.FullName), File.ReadAllText(file.FullName)));

    /// <summary>The order that the formatter gives: namespaces, then static classes, then other names; System first, case aside.</summary>
    static string Place(Match use)
    {
        var (name, alias) = (use.Groups["name"].Value, use.Groups["alias"].Value);
        var kind = alias.Length > 0 ? 2 : use.Groups["static"].Success ? 1 : 0;
        var isOther = kind == 2 || name.Split('.')[0] != "System";
        return $"{kind}{isOther}{(kind == 2 ? alias : name).Replace('.', '\0').ToLowerInvariant()}";
    }

    static IEnumerable<string> Faults(string text)
    {
        var places = Using().Matches(text).Select(Place).ToList();
        if (!places.SequenceEqual(places.Order(StringComparer.Ordinal))) yield return "usings out of order";
        if (Block().Count(text) == 1) yield return "a namespace in braces"; // a file with two needs them
    }

    [Fact]
    public void Usings_are_in_order_and_namespaces_need_no_braces()
    {
        var sources = Sources().ToList();
        sources.Sum(s => Using().Count(s.Text)).ShouldBeGreaterThan(1000);
        sources.SelectMany(s => Faults(s.Text).Select(fault => $"{s.Name}: {fault}")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("using System;\nusing System.Text;\nusing System.Text.Json;\nusing Abc;\nusing abd;\n\nnamespace X;\n", null)]
    [InlineData("using Abc;\nusing static System.Math;\nusing static Abc.X;\nusing A = Abc.D;\n", null)]
    [InlineData("namespace X\n{\n}\n\nnamespace Y\n{\n}\n", null)]
    [InlineData("using Abc;\nusing System;\n", "usings out of order")]
    [InlineData("using System.Text.Json;\nusing System.Text;\n", "usings out of order")]
    [InlineData("using static System.Math;\nusing Zebra;\n", "usings out of order")]
    [InlineData("using B = Abc.D;\nusing A = Abc.E;\n", "usings out of order")]
    [InlineData("namespace X\n{\n}\n", "a namespace in braces")]
    [InlineData("namespace X {\n}\n", "a namespace in braces")]
    public void A_planted_fault_is_found(string text, string? fault) => Faults(text).ShouldBe(fault is null ? [] : [fault]);

    [Fact]
    public void No_other_rule_asks_for_the_projects_to_be_loaded() =>
        File.ReadLines(Path.Combine(Checkout.Root.FullName, ".editorconfig")).Where(line => Asked().IsMatch(line))
            .ShouldBe(["csharp_style_namespace_declarations = file_scoped:warning"], "a new warning needs a check of its own here");

    [GeneratedRegex(@"^using (?<static>static )?(?:(?<alias>\w+) = )?(?<name>[^;]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^namespace [\w.]+\s*\{?\s*$", RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"[:=]\s*(warning|error)\s*$")]
    private static partial Regex Asked();
}
