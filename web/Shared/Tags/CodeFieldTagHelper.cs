using System.Text.Encodings.Web;

namespace DirectoryPlatform.Web.Tags;

/// <summary>A field for the six digits of an authenticator app, in large type; where a script runs, the sixth one sends the form:
/// <c>&lt;code-field for="Input.Code" label="Code" /&gt;</c>. Looks and answers as <see cref="FieldTagHelper"/> does.</summary>
[HtmlTargetElement("code-field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CodeFieldTagHelper(HtmlEncoder encoder) : FieldTagHelper(encoder)
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[
            ("class", "code"), ("inputmode", "numeric"), ("autocomplete", "one-time-code"), ("pattern", @"\s*[0-9]{3}\s?[0-9]{3}\s*"),
            ("title", "Six digits"), ("maxlength", "10"), ("spellcheck", "false"), ("required", "required"), ("data-code", "")])
            output.Attributes.SetAttribute(name, value);
        base.Process(context, output);
    }
}
