using System.Text;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>
/// Lines fit beside another window, and a change of one word is one short line. Counted in bytes, as <c>awk</c> and <c>cut</c> do.
/// Migrations are left out: what was applied keeps its text.
/// </summary>
public sealed class KeepLinesShort
{
    const int Longest = 140;

    static readonly string[] Kinds =
        [".cs", ".cshtml", ".css", ".js", ".mjs", ".py", ".sh", ".md", ".conf", ".props", ".csproj"];

    /// <summary>Made or fetched, not written.</summary>
    static readonly string[] Elsewhere = ["bin", "obj", "node_modules", "lib", ".git", "TestResults"];

    static IEnumerable<FileInfo> Files(DirectoryInfo folder) => folder.EnumerateFiles()
        .Concat(folder.EnumerateDirectories().Where(f => !Elsewhere.Contains(f.Name)).SelectMany(Files));

    static IEnumerable<string> TooLong(string name, IEnumerable<string> lines) => lines
        .Select((line, i) => (line, Number: i + 1, Bytes: Encoding.UTF8.GetByteCount(line)))
        // A row of a table is one line by its nature.
        .Where(l => l.Bytes > Longest && !(name.EndsWith(".md", StringComparison.Ordinal) && l.line.StartsWith('|')))
        .Select(l => $"{name}:{l.Number} has {l.Bytes}");

    static string NameOf(FileInfo file) => Path.GetRelativePath(Checkout.Root.FullName, file.FullName);

    [Fact]
    public void No_line_has_more_than_140_bytes()
    {
        var files = Files(Checkout.Root).Where(f => Kinds.Contains(f.Extension)).ToList();
        files.Count.ShouldBeGreaterThan(1000);
        var found = files.SelectMany(f => TooLong(NameOf(f), File.ReadLines(f.FullName))).ToList();
        found.ShouldBeEmpty(string.Join('\n', found));
    }

    [Theory]
    [InlineData("a.cs", 140, false)]
    [InlineData("a.cs", 141, true)]
    [InlineData("a.md", 141, true)]
    public void A_planted_line_is_found(string name, int length, bool found) =>
        TooLong(name, ["short", new('x', length)]).ShouldBe(found ? [$"{name}:2 has {length}"] : []);

    [Fact]
    public void A_letter_of_two_bytes_counts_twice() => TooLong("a.cs", [new('ß', 71)]).ShouldBe(["a.cs:1 has 142"]);

    [Fact]
    public void A_row_of_a_table_may_be_as_long_as_it_is() => TooLong("a.md", ["| " + new string('x', 200)]).ShouldBeEmpty();
}
