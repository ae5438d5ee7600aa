namespace DirectoryPlatform.Web.Tags;

/// <summary>A box to tick, which sends true or false: <c>&lt;check for="Input.Notify" label="Tell them by mail" /&gt;</c>.</summary>
[HtmlTargetElement("check", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CheckTagHelper : TagHelper
{
    public required ModelExpression For { get; set; }
    public required string Label { get; set; }
    public string? Hint { get; set; }

    [HtmlAttributeNotBound, ViewContext] public ViewContext View { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "label";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "form-check");
        var box = Marks.Input("checkbox", For.Name, "true", For.Model is true);
        if (View.ModelState[For.Name] is { Errors: [var error, ..] })
        {
            var (id, fault) = ($"{For.Name.Replace('.', '-').ToLowerInvariant()}-error", Marks.Span("invalid-feedback d-block", ""));
            box.AddCssClass("is-invalid");
            box.Attributes["aria-invalid"] = "true";
            box.Attributes["aria-describedby"] = id;
            fault.Attributes["id"] = id;
            fault.InnerHtml.Append(error.ErrorMessage);
            output.PostElement.AppendHtml(fault);
        }
        output.Content.AppendHtml(box).AppendHtml(Marks.Span("form-check-label", Label));
        if (Hint is not null) output.Content.AppendHtml(Marks.Span("form-check-description", Hint));
        // A form's unchecked box sends nothing: then this is what is sent.
        output.PostElement.AppendHtml(new TagBuilder("input")
        {
            TagRenderMode = TagRenderMode.SelfClosing,
            Attributes = { ["type"] = "hidden", ["name"] = For.Name, ["value"] = "false" },
        });
    }
}

/// <summary>One of several, with what it means as its content:
/// <c>&lt;choice name="Input.Which" value="all" checked="@all" title="All accounts"&gt;…&lt;/choice&gt;</c>.</summary>
[HtmlTargetElement("choice")]
public sealed class ChoiceTagHelper : TagHelper
{
    public required string Name { get; set; }
    public required string Value { get; set; }
    public required bool Checked { get; set; }
    public required string Title { get; set; }
    public bool Recommended { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var (words, title) = (new TagBuilder("span"), new TagBuilder("strong"));
        title.InnerHtml.Append(Title);
        words.InnerHtml.AppendHtml(title);
        if (Recommended) words.InnerHtml.Append(" ").AppendHtml(Marks.Span("status status-busy", "Recommended"));
        var hint = Marks.Span("form-hint", "");
        hint.InnerHtml.AppendHtml(await output.GetChildContentAsync());
        words.InnerHtml.AppendHtml(hint);
        output.TagName = "label";
        output.Attributes.SetAttribute("class", "choice");
        output.Content.AppendHtml(Marks.Input("radio", Name, Value, Checked)).AppendHtml(words);
    }
}

static class Marks
{
    public static TagBuilder Input(string type, string name, string value, bool isChecked)
    {
        var input = new TagBuilder("input")
        {
            TagRenderMode = TagRenderMode.SelfClosing,
            Attributes = { ["class"] = "form-check-input", ["type"] = type, ["name"] = name, ["value"] = value },
        };
        if (isChecked) input.Attributes["checked"] = "checked";
        return input;
    }

    public static TagBuilder Span(string @class, string text)
    {
        var span = new TagBuilder("span");
        span.AddCssClass(@class);
        span.InnerHtml.Append(text);
        return span;
    }
}
