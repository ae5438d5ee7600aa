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
        output.Content.AppendHtml(IconTagHelper.Of(Icon, "empty-icon")).AppendHtml(Block.Of(Heading, "empty-title", Title))
            .AppendHtml(Block.Of("p", "empty-subtitle", Text)).AppendHtml(ways);
    }
}

/// <summary>The way back, where one leads, the page's one h1, and a sentence below it; what the page offers to do is the content. The words
/// are those of <see cref="PageHeading"/>. A dialog's has an h2, and no way back: the page is behind it.</summary>
[HtmlTargetElement("heading")]
public sealed class HeadingTagHelper : TagHelper
{
    [ViewContext, HtmlAttributeNotBound] public required ViewContext View { get; set; }
    public string? Text { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var offers = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "head");
        var words = new TagBuilder("div");
        var inDialog = Dialog.Asks(View.HttpContext.Request);
        if (View.ViewData["Back"] is string back && !inDialog)
        {
            var way = new TagBuilder("a") { Attributes = { ["class"] = "back", ["href"] = back } };
            way.InnerHtml.AppendHtml(IconTagHelper.Of("arrow-left", null)).Append($" {View.ViewData["BackText"]}");
            words.InnerHtml.AppendHtml(way);
        }
        var title = Block.Of(inDialog ? "h2" : "h1", "page-title text-break", View.ViewData["Title"] as string);
        if (inDialog) title.Attributes["tabindex"] = "-1";
        words.InnerHtml.AppendHtml(title);
        if (!string.IsNullOrEmpty(Text)) words.InnerHtml.AppendHtml(Block.Of("p", "text-secondary m-0 text-break", Text));
        output.Content.AppendHtml(words);
        if (offers.IsEmptyOrWhiteSpace) return;
        var list = new TagBuilder("div") { Attributes = { ["class"] = "btn-list" } };
        list.InnerHtml.AppendHtml(offers);
        output.Content.AppendHtml(list);
    }
}

/// <summary>A card with nothing but its body: <c>&lt;card class="mb-3"&gt;…&lt;/card&gt;</c>. With a title it is a section of the page.
/// </summary>
[HtmlTargetElement("card")]
public sealed class CardTagHelper : TagHelper
{
    public string? Class { get; set; }

    /// <summary>Of the heading.</summary>
    public string? Id { get; set; }
    public string? Title { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = Title is null ? "div" : "section";
        output.Attributes.SetAttribute("class", Class is null ? "card" : $"card {Class}");
        if (Title is not null) SectionTagHelper.AddHeading(output, Id!, Title);
        output.PreContent.AppendHtml("<div class=\"card-body\">");
        output.PostContent.AppendHtml("</div>");
    }
}

/// <summary>A card of more than a body, with a heading, which names it: <c>&lt;section class="card" id="members" title="Members"&gt;</c>.
/// </summary>
[HtmlTargetElement("section", Attributes = "title")]
public sealed class SectionTagHelper : TagHelper
{
    /// <summary>Of the heading.</summary>
    public required string Id { get; set; }
    public required string Title { get; set; }

    /// <summary>Where there is more of it, beside the heading; null for nowhere.</summary>
    public string? Link { get; set; }
    public string? LinkText { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) => AddHeading(output, Id, Title, Link, LinkText);

    internal static void AddHeading(TagHelperOutput output, string id, string title, string? link = null, string? linkText = null)
    {
        var header = new TagBuilder("div") { Attributes = { ["class"] = "card-header" } };
        var heading = Block.Of("h2", "card-title", title);
        heading.Attributes["id"] = id;
        header.InnerHtml.AppendHtml(heading);
        if (link is not null)
        {
            var more = Block.Of("a", "ms-auto", linkText);
            more.Attributes["href"] = link;
            header.InnerHtml.AppendHtml(more);
        }
        output.Attributes.SetAttribute("aria-labelledby", id);
        output.PreContent.AppendHtml(header);
    }
}

/// <summary>How a form ends:
/// <c>&lt;submit icon="lock" busy="Changing…" cancel="/account"&gt;Change password&lt;/submit&gt;</c>.</summary>
[HtmlTargetElement("submit")]
public sealed class SubmitTagHelper : TagHelper
{
    public string? Icon { get; set; }

    /// <summary>Stands on the button from the press until the answer comes.</summary>
    public string? Busy { get; set; }

    /// <summary>Where "Cancel" leads.</summary>
    public string? Cancel { get; set; }

    /// <summary>Where "Back" leads, in place of "Cancel": to the step before.</summary>
    public string? Back { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var button = new TagBuilder("button") { Attributes = { ["class"] = "btn btn-primary" } };
        if (Busy is not null) button.Attributes["data-busy"] = Busy;
        if (Icon is not null) button.InnerHtml.AppendHtml(IconTagHelper.Of(Icon, null)).Append(" ");
        button.InnerHtml.AppendHtml(await output.GetChildContentAsync());
        var away = Block.Of("a", "btn btn-ghost", Back is null ? "Cancel" : "Back");
        away.Attributes["href"] = Back ?? Cancel;
        if (Back is null) away.Attributes["data-close"] = ""; // of a dialog, where it stands in one
        output.TagName = "div";
        output.Attributes.SetAttribute("class", "btn-list");
        output.Content.AppendHtml(button).AppendHtml(away);
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

/// <summary>Says to who hears a page of which row a button is: <c>&lt;a of="@token.Label"&gt;Revoke&lt;/a&gt;</c> is heard as
/// "Revoke: …".</summary>
[HtmlTargetElement("a", Attributes = "of"), HtmlTargetElement("button", Attributes = "of")]
public sealed class OfRowTagHelper : TagHelper
{
    public required string Of { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.PostContent.AppendHtml(Block.Of("span", "visually-hidden", $": {Of}"));
    }
}

static class Block
{
    public static TagBuilder Of(string element, string @class, string? text)
    {
        var block = new TagBuilder(element);
        block.AddCssClass(@class);
        block.InnerHtml.Append(text ?? "");
        return block;
    }
}
