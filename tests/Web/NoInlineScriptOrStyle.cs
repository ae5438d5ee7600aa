using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The content policy would block them in the browser; here they are found before.</summary>
[Trait("Spec", "S9")]
public sealed partial class NoInlineScriptOrStyle
{
    [Fact]
    public void Pages_hold_none()
    {
        var pages = Directory.GetFiles(Pages(), "*.cshtml", SearchOption.AllDirectories);

        pages.Length.ShouldBeGreaterThan(40);
        pages.SelectMany(p => Inline().Matches(File.ReadAllText(p)).Select(m => $"{Path.GetFileName(p)}: {m.Value}")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<p style=\"color:red\">")]
    [InlineData("<button class=\"x\" onclick=\"go()\">")]
    [InlineData("<script>go()</script>")]
    [InlineData("<style>p{}</style>")]
    [InlineData("<div hx-on:click=\"go()\">")]
    [InlineData("<a href=\"javascript:go()\">")]
    public void The_search_finds_what_it_looks_for(string html) => Inline().IsMatch(html).ShouldBeTrue();

    static string Pages([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../web/Pages"));

    [GeneratedRegex(@"\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[""']|\shx-on|javascript:")]
    private static partial Regex Inline();
}
