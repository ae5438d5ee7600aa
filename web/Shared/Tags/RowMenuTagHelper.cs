namespace DirectoryPlatform.Web.Tags;

/// <summary>The cell at the end of a row of people, whose button opens a menu: <c>menu.js</c> asks the person's or the invitation's page
/// what can be done.
/// Without script the name leads there. Empty without a path. <c>&lt;row-menu path="…" name="@row.Name" /&gt;</c></summary>
[HtmlTargetElement("row-menu", TagStructure = TagStructure.WithoutEndTag)]
public sealed class RowMenuTagHelper : TagHelper
{
    /// <summary>Of that page.</summary>
    public string? Path { get; set; }

    public required string Name { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "td";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "col-menu script-only");
        if (string.IsNullOrEmpty(Path)) return; // Razor makes an empty text of null
        var button = new TagBuilder("button")
        {
            Attributes =
            {
                ["type"] = "button", ["class"] = "btn btn-icon btn-ghost", ["data-row-menu"] = Path, ["aria-expanded"] = "false",
                ["aria-label"] = $"Actions for {Name}",
            },
        };
        button.InnerHtml.AppendHtml(IconTagHelper.Of("ellipsis", null));
        output.Content.AppendHtml(button);
    }
}
