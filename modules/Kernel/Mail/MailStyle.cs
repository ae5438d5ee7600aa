using System.Net;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Kernel.Mail;

/// <summary>Mail programs read little of a style sheet: templates are written in bare HTML, and each element gets its style here. The class
/// is what the frame's dark theme takes hold of.</summary>
static partial class MailStyle
{
    const string Words = "margin:0 0 16px;font-size:16px;line-height:1.5;color:#1f2937";

    public static string Inline(string html) => Element().Replace(html, tag => tag.Groups["name"].Value switch
    {
        "p" => $"<p class=\"words\" style=\"{Words}\">",
        "ul" => $"<ul class=\"words\" style=\"{Words};padding-left:20px\">",
        "li" => "<li style=\"margin:0 0 6px\">",
        "blockquote" =>
            "<blockquote class=\"said\" style=\"margin:0 0 16px;padding:10px 14px;border-left:4px solid "
            + "#93a4bd;background:#f3f5f9;color:#1f2937;font-size:16px;line-height:1.5\">",
        "a class=\"button\"" =>
            "<a class=\"button\" style=\"display:inline-block;padding:12px "
            + "20px;border-radius:6px;background:#1d4ed8;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none\"",
        "a" => "<a class=\"link\" style=\"color:#1d4ed8;word-break:break-all\"",
        _ => tag.Value,
    });

    /// <summary>Paragraphs by blank lines; a paragraph that is an address becomes a link.</summary>
    public static string FromText(string text) =>
        Inline(string.Concat(text.ReplaceLineEndings("\n")
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(paragraph =>
    {
        var safe = WebUtility.HtmlEncode(paragraph);
        return Uri.TryCreate(paragraph, UriKind.Absolute, out var link) && link.Scheme is "http" or "https"
            ? $"<p><a href=\"{safe}\">{safe}</a></p>"
            : $"<p>{safe.Replace("\n", "<br>")}</p>";
    })));

    [GeneratedRegex("<(?<name>(p|ul|li|blockquote)(?=>)|a class=\"button\"|a(?= href))>?")]
    private static partial Regex Element();
}
