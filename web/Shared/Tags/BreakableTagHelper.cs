namespace DirectoryPlatform.Web.Tags;

/// <summary>An email address, a URL, a path or a URN: where its line is too short it breaks between its parts and not within a word. What
/// is copied and what is searched for stays the same text. <c>&lt;breakable text="@site.Url" /&gt;</c></summary>
[HtmlTargetElement("breakable", TagStructure = TagStructure.WithoutEndTag)]
public sealed class BreakableTagHelper : TagHelper
{
    /// <summary>What a part ends with; after a hyphen browsers break by themselves only where a letter follows.</summary>
    const string Ends = "@./:?&=-";

    public string? Text { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        var text = Text ?? "";
        var begin = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (!Ends.Contains(text[i - 1]) || Ends.Contains(text[i]) || char.IsWhiteSpace(text[i])) continue;
            output.Content.Append(text[begin..i]);
            output.Content.AppendHtml("<wbr>");
            begin = i;
        }
        output.Content.Append(text[begin..]);
    }
}
