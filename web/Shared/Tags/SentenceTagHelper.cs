namespace DirectoryPlatform.Web.Tags;

/// <summary>An event of the audit log in one sentence, its names as links where they have a page: <c>&lt;sentence of="…" /&gt;</c>
/// </summary>
[HtmlTargetElement("sentence", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SentenceTagHelper : TagHelper
{
    public required AuditSentence Of { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "event-sentence");
        foreach (var (text, isName, href) in Of.Pieces)
        {
            if (href is null && !isName)
            {
                output.Content.Append(text);
                continue;
            }
            var name = new TagBuilder(href is null ? "b" : "a");
            if (href is not null) name.Attributes["href"] = href;
            name.InnerHtml.Append(text);
            output.Content.AppendHtml(name);
        }
    }
}

/// <summary>What kind of event it is, as a sign and, for who hears the page, a word: <c>&lt;event-mark of="…" /&gt;</c></summary>
[HtmlTargetElement("event-mark", TagStructure = TagStructure.WithoutEndTag)]
public sealed class EventMarkTagHelper : TagHelper
{
    public EventClass Of { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (icon, tone, label) = AuditSentence.MarkOf(Of);
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"event-mark tone-{tone}");
        output.Attributes.SetAttribute("title", label);
        output.Content.AppendHtml(IconTagHelper.Of(icon, null)).AppendHtml(Marks.Span("visually-hidden", $"{label}: "));
    }
}
