using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>One word for one thing: what the table of <c>docs/words.md</c> has replaced stands nowhere that people read.</summary>
public sealed partial class SpeakTheFieldsWords
{
    static readonly string[] Folders = ["web", "modules", "host"];

    /// <summary>Made or fetched, not written; and what was applied keeps its text.</summary>
    static readonly string[] Elsewhere = ["bin", "obj", "lib", "Migrations"];

    static readonly IReadOnlyList<string> Retired = ReadRetired(File.ReadAllText(Path.Combine(Checkout.Root.FullName, "docs/words.md")));

    /// <summary>A space may be the end of a line, and an apostrophe either of two; what follows a dot is code.</summary>
    static readonly Regex Any = new($@"(?<![\w.-])({string.Join('|', Retired.Select(Pattern))})(?![\w-])", RegexOptions.IgnoreCase);

    static IReadOnlyList<string> ReadRetired(string glossary) => [.. glossary.Split('\n')
        .Where(line => line.StartsWith("| **", StringComparison.Ordinal))
        .SelectMany(row => Quoted().Matches(row.TrimEnd(' ', '|').Split('|')[^1])).Select(m => m.Groups["word"].Value)];

    static string Pattern(string word) => Regex.Escape(word).Replace("\\ ", @"\s+", StringComparison.Ordinal)
        .Replace("’", "[’']", StringComparison.Ordinal);

    static IEnumerable<FileInfo> Files(DirectoryInfo folder) => folder.EnumerateFiles()
        .Concat(folder.EnumerateDirectories().Where(f => !Elsewhere.Contains(f.Name)).SelectMany(Files));

    static bool IsRead(FileInfo file) => file.Extension is ".cs" or ".cshtml" or ".js"
        || (file.Extension is ".txt" or ".html" && file.Directory!.Name is "Letters" or "Frame");

    /// <summary>What of a file people read: sentences and labels, not names, codes, comments, logs or SQL.</summary>
    static IEnumerable<string> Visible(string extension, string text) => extension switch
    {
        ".cs" => Literals().Matches(NotForPeople().Replace(Joints().Replace(Comments().Replace(RawText().Replace(text, ""), ""), ""), ""))
            .Select(m => m.Groups["text"].Value).Where(literal => literal.Contains(' ')),
        ".cshtml" => [HiddenAttributes().Replace(Comments().Replace(RazorComments().Replace(text, ""), ""), "")],
        ".js" => [Comments().Replace(text, "")],
        _ => [text],
    };

    static IEnumerable<string> Found(string extension, string text) =>
        Visible(extension, text).SelectMany(part => Any.Matches(part).Select(m => Spaces().Replace(m.Value, " ")));

    [Fact]
    public void No_word_that_was_replaced_is_left_where_people_read()
    {
        Retired.Count.ShouldBeGreaterThan(80);
        var files = Folders.SelectMany(f => Files(new(Path.Combine(Checkout.Root.FullName, f)))).Where(IsRead).ToList();
        files.Count.ShouldBeGreaterThan(800);
        var left = files.SelectMany(f => Found(f.Extension, File.ReadAllText(f.FullName))
            .Select(word => $"{Path.GetRelativePath(Checkout.Root.FullName, f.FullName)}: “{word}”")).ToList();
        left.ShouldBeEmpty(string.Join('\n', left));
    }

    [Fact]
    public void No_word_is_replaced_twice() =>
        Retired.GroupBy(w => w, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();

    [Theory]
    [InlineData(".cshtml", "<button class=\"btn\">Take out<span> @row.Name</span></button>", "Take out")]
    [InlineData(".cshtml", "<field for=\"Input.Current\" label=\"Present\n    password\" />", "Present password")]
    [InlineData(".cs", "new(\"It is lost, and cannot be \"\n    + $\"taken back by {name}.\")", "cannot be taken back")]
    [InlineData(".js", "{ label: 'In all' }", "In all")]
    [InlineData(".txt", "The link is good for an hour", "is good for")]
    [InlineData(".html", "<p>the provider's answer</p>", "provider's answer")]
    public void A_planted_word_is_found(string extension, string text, string word) => Found(extension, text).ShouldBe([word]);

    [Theory]
    [InlineData(".cshtml", "<a href=\"/admins/appoint\">Add admin</a> @* Appoint *@")]
    [InlineData(".cshtml", "@foreach (var mail in Model.Mails) { }")]
    [InlineData(".cs", "change.Quiet(\"nobody was invited\"); // whoever it was\nvar kind = \"appoint\";")]
    [InlineData(".js", "// what any more is for")]
    public void Names_comments_and_notes_to_ourselves_are_not_read(string extension, string text) =>
        Found(extension, text).ShouldBeEmpty();

    [GeneratedRegex("“(?<word>[^”]+)”")]
    private static partial Regex Quoted();

    [GeneratedRegex("\"\"\".*?\"\"\"", RegexOptions.Singleline)]
    private static partial Regex RawText();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex RazorComments();

    /// <summary>Two halves of a sentence.</summary>
    [GeneratedRegex("\"\\s*\\+\\s*\\$?\"")]
    private static partial Regex Joints();

    /// <summary>Why no audit entry or no limit is needed, logs, names of recurring work, and what only we can have done wrong.</summary>
    [GeneratedRegex("(?:(?:Quiet|Door|Exception|LoggerMessage)\\([^\"\\n]*|string Name =>\\s*)\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
    private static partial Regex NotForPeople();

    [GeneratedRegex("\"(?<text>(?:[^\"\\\\\\n]|\\\\.)*)\"")]
    private static partial Regex Literals();

    [GeneratedRegex("\\s(?:class|id|href|action|formaction|name|icon|model|for|asp-[\\w-]+|hx-[\\w:-]+)=\"[^\"]*\"")]
    private static partial Regex HiddenAttributes();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
