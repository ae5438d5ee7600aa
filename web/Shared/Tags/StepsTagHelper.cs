namespace DirectoryPlatform.Web.Tags;

/// <summary>Where one is on a way of a few steps: <c>&lt;steps at="2" names="Domain | Review | Confirm" /&gt;</c>.</summary>
[HtmlTargetElement("steps", TagStructure = TagStructure.WithoutEndTag)]
public sealed class StepsTagHelper : TagHelper
{
    /// <summary>From 1; those before are done.</summary>
    public required int At { get; set; }
    public required string Names { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "ol";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "stepper");
        output.Attributes.SetAttribute("aria-label", "Steps");
        var number = 0;
        foreach (var name in Names.Split('|', StringSplitOptions.TrimEntries))
        {
            var step = new TagBuilder("li");
            if (++number < At)
            {
                step.AddCssClass("done");
                step.InnerHtml.AppendHtml(IconTagHelper.Of("check", null));
            }
            else
            {
                var dot = Marks.Span("stepper-dot", $"{number}");
                dot.Attributes["aria-hidden"] = "true";
                step.InnerHtml.AppendHtml(dot);
            }
            if (number == At) step.Attributes["aria-current"] = "step";
            var words = new TagBuilder("span");
            words.InnerHtml.Append(name);
            step.InnerHtml.AppendHtml(words);
            if (number < At) step.InnerHtml.AppendHtml(Marks.Span("visually-hidden", " (done)"));
            output.Content.AppendHtml(step);
        }
    }
}
