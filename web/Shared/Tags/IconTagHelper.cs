using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc.TagHelpers;

namespace DirectoryPlatform.Web.Tags;

/// <summary>An icon that says nothing to a screen reader; the words stand beside it. <c>&lt;icon name="users" /&gt;</c></summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper : TagHelper
{
    const string Prefix = "icon:";

    /// <summary>Names that are none are found when the page is made.</summary>
    static readonly FrozenDictionary<string, string> Known = typeof(IconTagHelper).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..]).ToFrozenDictionary(n => n);

    /// <summary>All icons in one file, which browsers keep for ever: another content has another name.</summary>
    static readonly byte[] File = Load();

    static readonly string Mark = Convert.ToHexStringLower(SHA256.HashData(File))[..10];

    internal const string SpriteRoute = "/icons.{mark}.svg";
    internal static readonly string SpritePath = SpriteRoute.Replace("{mark}", Mark, StringComparison.Ordinal);

    /// <summary>Under another mark, which a page of another version names, for this time alone.</summary>
    internal static IResult Sprite(HttpContext http, string mark)
    {
        http.Response.Headers.CacheControl = mark == Mark ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(File, "image/svg+xml");
    }

    public required string Name { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var icon = Of(Name, output.Attributes["class"]?.Value?.ToString());
        output.TagName = icon.TagName;
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.RemoveAll("class");
        output.MergeAttributes(icon);
        output.Content.SetHtmlContent(icon.InnerHtml);
    }

    internal static TagBuilder Of(string name, string? @class)
    {
        var icon = new TagBuilder("svg") { Attributes = { ["class"] = $"icon {@class}".Trim(), ["aria-hidden"] = "true" } };
        icon.InnerHtml.AppendHtml($"<use href=\"{SpritePath}#{Known[name]}\"/>");
        return icon;
    }

    const string Lines =
        "\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-linecap=\"round\" stroke-linejoin=\"round\">";

    /// <summary>Each file's shape as a symbol of its name. The thickness of lines is the style sheet's.</summary>
    static byte[] Load()
    {
        var assembly = typeof(IconTagHelper).Assembly;
        var sprite = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\">");
        foreach (var name in Known.Keys.Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(Prefix + name)!);
            var svg = reader.ReadToEnd();
            var from = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 1;
            var shape = svg[from..svg.LastIndexOf("</svg>", StringComparison.Ordinal)].Trim();
            sprite.Append("<symbol id=\"").Append(name).Append(Lines).Append(shape).Append("</symbol>");
        }
        return Encoding.UTF8.GetBytes(sprite.Append("</svg>").ToString());
    }
}
