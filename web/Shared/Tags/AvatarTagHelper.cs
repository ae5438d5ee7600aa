using Microsoft.AspNetCore.Mvc.TagHelpers;

namespace DirectoryPlatform.Web.Tags;

/// <summary>The generated initials picture (SPEC M5): two letters on one of eight colours that go with the id;
/// or the picture in its place.</summary>
[HtmlTargetElement("initials", TagStructure = TagStructure.WithoutEndTag)]
public sealed class AvatarTagHelper : TagHelper
{
    /// <summary>As many as site.css has.</summary>
    const int Colours = 8;

    public required string Of { get; set; }
    public Guid Id { get; set; }

    /// <summary>Path of the person's own picture; null for the initials.</summary>
    public string? Picture { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var made = Made(Of, Id, Picture, output.Attributes["class"]?.Value?.ToString());
        output.TagName = made.TagName;
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.RemoveAll("class");
        output.MergeAttributes(made);
        output.Content.SetHtmlContent(made.InnerHtml);
    }

    internal static TagBuilder Made(string name, Guid id, string? picture, string? @class)
    {
        var avatar = new TagBuilder("span");
        if (!string.IsNullOrEmpty(picture)) // Razor hands a null over as ""
        {
            avatar.Attributes["class"] = $"avatar {@class}".Trim();
            avatar.InnerHtml.AppendHtml(new TagBuilder("img")
            {
                TagRenderMode = TagRenderMode.SelfClosing,
                Attributes = { ["src"] = picture, ["alt"] = "", ["width"] = "256", ["height"] = "256" },
            });
            return avatar;
        }
        avatar.Attributes["class"] = $"avatar initials-{id.ToByteArray()[^1] % Colours} {@class}".Trim();
        avatar.Attributes["aria-hidden"] = "true";
        avatar.InnerHtml.Append(Initials(name));
        return avatar;
    }

    static string Initials(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length switch
        {
            0 => "?",
            1 => First(words[0]),
            _ => First(words[0]) + First(words[^1]),
        };
    }

    static string First(string word) => StringInfo.GetNextTextElement(word).ToUpperInvariant();
}
