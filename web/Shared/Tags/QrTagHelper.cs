using System.Collections;
using QRCoder;

namespace DirectoryPlatform.Web.Tags;

/// <summary>A QR code as one path, in the page itself: no image to fetch, no script, and sharp at any size.
/// <c>&lt;qr text="otpauth://…" /&gt;</c></summary>
[HtmlTargetElement("qr", TagStructure = TagStructure.WithoutEndTag)]
public sealed class QrTagHelper : TagHelper
{
    public required string Text { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        using var code = QRCodeGenerator.GenerateQrCode(Text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix; // with the quiet zone that readers need
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[
            ("class", "qr"), ("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {rows.Count} {rows.Count}")), ("width", "220"),
            ("height", "220"),
            ("shape-rendering", "crispEdges"), ("role", "img"), ("aria-label", "The key below, to scan with the app")])
            output.Attributes.SetAttribute(name, value);
        output.Content.SetHtmlContent($"<path fill=\"#000\" d=\"{Path(rows)}\"/>");
    }

    /// <summary>Dark modules of a row that touch are one rectangle.</summary>
    static string Path(List<BitArray> rows)
    {
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
            for (var x = 0; x < rows[y].Count; x++)
            {
                var from = x;
                while (x < rows[y].Count && rows[y][x]) x++;
                if (x > from) path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1h-{x - from}z");
            }
        return path.ToString();
    }
}
