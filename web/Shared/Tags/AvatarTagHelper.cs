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
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        if (!string.IsNullOrEmpty(Picture)) // Razor hands a null over as ""
        {
            output.Attributes.SetAttribute("class", $"avatar {output.Attributes["class"]?.Value}".Trim());
            var image = new TagBuilder("img")
            {
                TagRenderMode = TagRenderMode.SelfClosing,
                Attributes = { ["src"] = Picture, ["alt"] = "", ["width"] = "256", ["height"] = "256" }
            };
            output.Content.SetHtmlContent(image);
            return;
        }
        output.Attributes.SetAttribute("class", $"avatar initials-{Id.ToByteArray()[^1] % Colours} {output.Attributes["class"]?.Value}"
            .Trim());
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
