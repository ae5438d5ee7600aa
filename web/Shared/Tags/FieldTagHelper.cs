using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace DirectoryPlatform.Web.Tags;

/// <summary>
/// A labelled input with its hint and its error tied to it: <c>&lt;field for="Input.Email" label="Email" type="email" /&gt;</c>.
/// The value is kept after a refusal, except for passwords. <c>rows</c> makes it a text area. Where the view does not know the field, it is
/// named in place of <c>for</c>: <c>name="Input.Email"</c>. What is needed only sometimes is not <c>required</c> and says no "Optional":
/// <c>says-optional="false"</c>.
/// </summary>
[HtmlTargetElement("field", TagStructure = TagStructure.WithoutEndTag)]
public class FieldTagHelper(HtmlEncoder encoder) : TagHelper
{
    public ModelExpression? For { get; set; }
    public string? Name { get; set; }
    public required string Label { get; set; }
    public string Type { get; set; } = "text";
    public string? Hint { get; set; }
    public int Rows { get; set; }
    public bool SaysOptional { get; set; } = true;

    [HtmlAttributeNotBound, ViewContext] public ViewContext View { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var name = For?.Name ?? Name!;
        var id = name.Replace('.', '-').ToLowerInvariant();
        var state = View.ModelState[name];
        var error = state?.Errors.Count > 0 ? state.Errors[0].ErrorMessage : null;
        var value = Type is "password" or "file" ? null : state?.AttemptedValue ?? For?.Model?.ToString();
        var hint = string.IsNullOrEmpty(Hint) ? null : Hint;
        var described = string.Join(' ',
            new[] { hint is null ? null : $"{id}-hint", error is null ? null : $"{id}-error" }.OfType<string>());

        var input = new TagBuilder(Rows > 0 ? "textarea" : "input");
        foreach (var attribute in output.Attributes)
            input.MergeAttribute(attribute.Name, attribute.ValueStyle is HtmlAttributeValueStyle.Minimized
                ? attribute.Name
                : attribute.Value?.ToString());
        // The focus belongs to what is wrong.
        if (error is null && View.ModelState.Any(f => f.Key.Length > 0 && f.Value?.Errors.Count > 0)) input.Attributes.Remove("autofocus");
        input.AddCssClass(error is null ? "form-control" : "form-control is-invalid");
        input.MergeAttribute("id", id);
        input.MergeAttribute("name", name);
        if (described.Length > 0) input.MergeAttribute("aria-describedby", described);
        if (error is not null) input.MergeAttribute("aria-invalid", "true");
        if (Rows > 0)
        {
            input.MergeAttribute("rows", Rows.ToString(System.Globalization.CultureInfo.InvariantCulture));
            input.InnerHtml.Append("\n" + value);
        }
        else
        {
            input.TagRenderMode = TagRenderMode.SelfClosing;
            input.MergeAttribute("type", Type);
            if (value is not null) input.MergeAttribute("value", value);
        }

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.Clear();
        output.Attributes.SetAttribute("class", "mb-3");
        // aria-required alone: of a part of the form that is not always sent.
        var optional = !SaysOptional || Type is "file" || input.Attributes.ContainsKey("required")
            || input.Attributes.ContainsKey("aria-required")
            ? ""
            : " <span class=\"form-label-description\">Optional</span>";
        output.Content.AppendHtml($"<label class=\"form-label\" for=\"{id}\">{encoder.Encode(Label)}{optional}</label>");
        output.Content.AppendHtml(Control(input));
        if (hint is not null) output.Content.AppendHtml($"<div class=\"form-hint\" id=\"{id}-hint\">{encoder.Encode(hint)}</div>");
        if (error is not null)
            output.Content.AppendHtml($"<div class=\"invalid-feedback d-block\" id=\"{id}-error\">{encoder.Encode(error)}</div>");
    }
    /// <summary>The input, and what stands beside it on its line: at a password what shows it, where a script runs.</summary>
    protected virtual IHtmlContent Control(TagBuilder input)
    {
        if (Type is not "password") return input;
        var (line, eye) = (new TagBuilder("div") { Attributes = { ["class"] = "secret" } }, new TagBuilder("button")
        {
            Attributes =
            {
                ["type"] = "button", ["class"] = "eye", ["hidden"] = "hidden", ["data-show"] = "", ["aria-pressed"] = "false",
                ["aria-label"] = "Show what is typed",
            },
        });
        eye.InnerHtml.AppendHtml(IconTagHelper.Of("eye", null));
        line.InnerHtml.AppendHtml(input).AppendHtml(eye);
        return line;
    }
}
