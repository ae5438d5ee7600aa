using System.Collections.Frozen;
using Microsoft.AspNetCore.Mvc.TagHelpers;

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
        var icon = Of(Name, output.Attributes["class"]?.Value?.ToString());
        output.TagName = icon.TagName;
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.RemoveAll("class");
        output.MergeAttributes(icon);
        output.Content.SetHtmlContent(icon.InnerHtml);
    }

    internal static TagBuilder Of(string name, string? @class)
    {
        var icon = new TagBuilder("svg")
        {
            Attributes =
            {
                ["class"] = $"icon {@class}".Trim(), ["viewBox"] = "0 0 24 24", ["width"] = "24", ["height"] = "24", ["fill"] = "none",
                ["stroke"] = "currentColor", ["stroke-width"] = "2", ["stroke-linecap"] = "round", ["stroke-linejoin"] = "round",
                ["aria-hidden"] = "true", ["focusable"] = "false",
            },
        };
        icon.InnerHtml.AppendHtml(Shapes[name]);
        return icon;
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
