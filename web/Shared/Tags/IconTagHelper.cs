using System.Collections.Frozen;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace DirectoryPlatform.Web.Tags;

/// <summary>An icon that says nothing to a screen reader; the words stand beside it. <c>&lt;icon name="users" /&gt;</c></summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper : TagHelper
{
    const string Prefix = "icon:";

    static readonly FrozenDictionary<string, string> Shapes = Load();

    public required string Name { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[
            ("class", $"icon {output.Attributes["class"]?.Value}".Trim()), ("viewBox", "0 0 24 24"), ("width", "24"), ("height", "24"),
            ("fill", "none"), ("stroke", "currentColor"),
            ("stroke-width", "2"), ("stroke-linecap", "round"), ("stroke-linejoin", "round"), ("aria-hidden", "true"),
                ("focusable", "false")])
            output.Attributes.SetAttribute(name, value);
        output.Content.SetHtmlContent(Shapes[Name]);
    }

    /// <summary>What stands inside each file's svg element.</summary>
    static FrozenDictionary<string, string> Load()
    {
        var assembly = typeof(IconTagHelper).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(n => n[Prefix.Length..], name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var svg = reader.ReadToEnd();
            var from = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 1;
            return svg[from..svg.LastIndexOf("</svg>", StringComparison.Ordinal)].Trim();
        });
    }
}
