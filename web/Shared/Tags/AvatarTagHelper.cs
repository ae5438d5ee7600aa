using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace DirectoryPlatform.Web.Tags;

/// <summary>The generated initials picture (SPEC M5): two letters on one of eight colours that go with the id.</summary>
[HtmlTargetElement("initials", TagStructure = TagStructure.WithoutEndTag)]
public sealed class AvatarTagHelper : TagHelper
{
    /// <summary>As many as site.css has.</summary>
    const int Colours = 8;

    public required string Of { get; set; }
    public Guid Id { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"avatar initials-{Id.ToByteArray()[^1] % Colours} {output.Attributes["class"]?.Value}".Trim());
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.SetContent(Initials(Of));
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
