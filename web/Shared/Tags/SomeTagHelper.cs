namespace DirectoryPlatform.Web.Tags;

/// <summary>A few names on one line, the first and how many more: "Jira +2", with all of them as the title.
/// <c>&lt;some of="row.Apps" /&gt;</c></summary>
[HtmlTargetElement("some", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SomeTagHelper : TagHelper
{
    public IReadOnlyList<string>? Of { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        if (Of is not { Count: > 0 })
        {
            output.Attributes.SetAttribute("class", "text-secondary");
            output.Content.SetContent("None");
            return;
        }
        output.Attributes.SetAttribute("class", "some");
        output.Attributes.SetAttribute("title", string.Join(", ", Of));
        output.Content.AppendHtml(Marks.Span("some-first", Of[0]));
        if (Of.Count > 1) output.Content.Append($" +{Of.Count - 1}");
    }
}
