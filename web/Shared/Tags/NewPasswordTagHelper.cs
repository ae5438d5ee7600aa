using System.Text.Encodings.Web;

namespace DirectoryPlatform.Web.Tags;

/// <summary>
/// A field for a new password, with the meter under it (SPEC S1): <c>&lt;new-password for="Input.Password" label="New password" /&gt;</c>.
/// Looks and answers as <see cref="FieldTagHelper"/> does.
/// </summary>
[HtmlTargetElement("new-password", TagStructure = TagStructure.WithoutEndTag)]
public sealed class NewPasswordTagHelper : FieldTagHelper
{
    /// <summary>Long enough not to ask at every key (own choice).</summary>
    const string Delay = "input changed delay:300ms";

    public NewPasswordTagHelper(HtmlEncoder encoder) : base(encoder) =>
        (Type, Hint) = ("password", "8 to 100 characters. Several words are easier to remember than one word with replaced letters.");

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[
            ("autocomplete", "new-password"), ("required", "required"), ("hx-post", "/password-strength"), ("hx-trigger", Delay),
                ("hx-include", "closest form"), ("hx-target", "#strength"), ("hx-swap", "innerHTML")])
            output.Attributes.SetAttribute(name, value);
        base.Process(context, output);
        output.Content.AppendHtml("<div class=\"strength\" id=\"strength\" role=\"status\"></div>");
    }
}
