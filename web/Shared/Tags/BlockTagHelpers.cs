namespace DirectoryPlatform.Web.Tags;

/// <summary>What stands where a list has no rows: <c>&lt;empty icon="users" title="No groups" text="…" /&gt;</c>, with the way on as its
/// content.</summary>
[HtmlTargetElement("empty")]
public sealed class EmptyTagHelper : TagHelper
{
    public required string Icon { get; set; }
    public required string Title { get; set; }
    public required string Text { get; set; }

    /// <summary>"h3" within a section that has a heading.</summary>
    public string Heading { get; set; } = "h2";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var ways = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "empty");
        output.Content.AppendHtml(IconTagHelper.Of(Icon, "empty-icon")).AppendHtml(Block(Heading, "empty-title", Title))
            .AppendHtml(Block("p", "empty-subtitle", Text)).AppendHtml(ways);
    }

    static TagBuilder Block(string element, string @class, string text)
    {
        var block = new TagBuilder(element);
        block.AddCssClass(@class);
        block.InnerHtml.Append(text);
        return block;
    }
}

/// <summary>A card with a heading, which names it: <c>&lt;section class="card" id="members" title="Members"&gt;</c>.</summary>
[HtmlTargetElement("section", Attributes = "title")]
public sealed class SectionTagHelper : TagHelper
{
    /// <summary>Of the heading.</summary>
    public required string Id { get; set; }
    public required string Title { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (header, heading) = (new TagBuilder("div"), new TagBuilder("h2"));
        header.AddCssClass("card-header");
        heading.AddCssClass("card-title");
        heading.Attributes["id"] = Id;
        heading.InnerHtml.Append(Title);
        header.InnerHtml.AppendHtml(heading);
        output.Attributes.SetAttribute("aria-labelledby", Id);
        output.PreContent.AppendHtml(header);
    }
}

/// <summary>Something worth knowing before one goes on: <c>&lt;note tone="warning"&gt;…&lt;/note&gt;</c>.</summary>
[HtmlTargetElement("note")]
public sealed class NoteTagHelper : TagHelper
{
    /// <summary>"info", "warning", "danger", or "success" for what has just been done.</summary>
    public required string Tone { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        // Whole names: the style sheet keeps only the classes that stand somewhere.
        var (tone, icon) = Tone switch
        {
            "info" => ("alert-info", "info"),
            "warning" => ("alert-warning", "triangle-alert"),
            "danger" => ("alert-danger", "triangle-alert"),
            "success" => ("alert-success", "circle-check"),
            _ => throw new InvalidOperationException($"A note has no tone {Tone}."),
        };
        var words = new TagBuilder("div");
        words.InnerHtml.AppendHtml(await output.GetChildContentAsync());
        output.TagName = "div";
        output.Attributes.SetAttribute("class", $"alert {tone}");
        output.Attributes.SetAttribute("role", Tone == "success" ? "status" : "note");
        output.Content.AppendHtml(IconTagHelper.Of(icon, "alert-icon")).AppendHtml(words);
    }
}

/// <summary>Says to who hears a page of which row a button is: <c>&lt;a of="@token.Label"&gt;Revoke&lt;/a&gt;</c> is heard as "Revoke: …".
/// </summary>
[HtmlTargetElement("a", Attributes = "of"), HtmlTargetElement("button", Attributes = "of")]
public sealed class OfRowTagHelper : TagHelper
{
    public required string Of { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var row = new TagBuilder("span");
        row.AddCssClass("visually-hidden");
        row.InnerHtml.Append($": {Of}");
        output.PostContent.AppendHtml(row);
    }
}
