using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace DirectoryPlatform.Web.Tags;

/// <summary>
/// A length of time, as a number and its unit, with the usual ones to press where a script runs:
/// <c>&lt;duration for="Input.Idle" unit="Input.IdleUnit" of="Duration.OfMinutes" label="Idle" presets="8 hours | 1 days" /&gt;</c>.
/// Looks and answers as <see cref="FieldTagHelper"/> does.
/// </summary>
[HtmlTargetElement("duration", TagStructure = TagStructure.WithoutEndTag)]
public sealed class DurationTagHelper(HtmlEncoder encoder) : FieldTagHelper(encoder)
{
    public required ModelExpression Unit { get; set; }
    public required Duration Of { get; set; }

    /// <summary>Separated by bars; one without a number empties the field.</summary>
    public string Presets { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Attributes.SetAttribute("inputmode", "numeric");
        output.Attributes.SetAttribute("autocomplete", "off");
        base.Process(context, output);
    }

    protected override IHtmlContent Control(TagBuilder input)
    {
        var line = new TagBuilder("div") { Attributes = { ["class"] = "duration" } };
        var unit = new TagBuilder("select")
        {
            Attributes = { ["class"] = "form-select", ["name"] = Unit.Name, ["aria-label"] = $"{Label}: unit" },
        };
        var chosen = View.ModelState[Unit.Name]?.AttemptedValue ?? Unit.Model as string;
        input.Attributes.TryGetValue("value", out var typed);
        var length = Length(typed, chosen);
        foreach (var (name, size) in Of.Units)
        {
            var option = new TagBuilder("option") { Attributes = { ["value"] = name, ["data-size"] = $"{size}" } };
            if (name == chosen) option.Attributes["selected"] = "selected";
            option.InnerHtml.Append(Duration.Named(name, typed));
            unit.InnerHtml.AppendHtml(option);
        }
        line.InnerHtml.AppendHtml(input).AppendHtml(unit);
        foreach (var preset in Presets.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (number, name) = preset.Split(' ') is [var many, var of] ? (many, of) : ("", "");
            var button = new TagBuilder("button")
            {
                Attributes =
                {
                    ["class"] = "btn btn-sm", ["type"] = "button", ["hidden"] = "hidden", ["data-preset"] = number,
                    ["data-unit"] = name, ["data-span"] = Length(number, name),
                    ["aria-pressed"] = Length(number, name) == length ? "true" : "false",
                },
            };
            button.InnerHtml.Append(number.Length == 0 ? preset : $"{number} {Duration.Named(name, number)}")
                .AppendHtml(Block.Of("span", "visually-hidden", $": {Label}"));
            line.InnerHtml.AppendHtml(button);
        }
        return line;
    }

    /// <summary>In the smallest unit, so that 7 days are the week that stands there; empty for an empty field.</summary>
    string Length(string? number, string? unit) => string.IsNullOrWhiteSpace(number) ? "" : $"{Of.Of(number, unit)}";
}
