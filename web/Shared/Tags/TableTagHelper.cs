namespace DirectoryPlatform.Web.Tags;

/// <summary>
/// A table's caption, for who hears it, and the heads of its columns; the rows stand within:
/// <c>&lt;table caption="Sites by name" columns="Name | Apps | Actions" numbers="Apps"&gt;</c>. "Actions" is said to who hears it alone.
/// Without a class of its own its cells stand below one another on a phone, each behind its <c>data-label</c>.
/// </summary>
[HtmlTargetElement("table", Attributes = "columns")]
public sealed class TableTagHelper : TagHelper
{
    public required string Caption { get; set; }
    /// <summary>Constant words: whatever people type may hold the bar.</summary>
    public required string Columns { get; set; }

    /// <summary>Those of the columns that hold numbers, which end under one another.</summary>
    public string Numbers { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var rows = await output.GetChildContentAsync();
        if (!output.Attributes.ContainsName("class"))
            output.Attributes.SetAttribute("class", "table table-vcenter table-mobile-md card-table");
        var (head, heads, body) = (new TagBuilder("thead"), new TagBuilder("tr"), new TagBuilder("tbody"));
        var numbers = Names(Numbers);
        foreach (var name in Names(Columns)) heads.InnerHtml.AppendHtml(Head(name, isNumber: numbers.Contains(name)));
        head.InnerHtml.AppendHtml(heads);
        body.InnerHtml.AppendHtml(rows);
        output.Content.AppendHtml(Hidden("caption", Caption)).AppendHtml(head).AppendHtml(body);
    }

    static string[] Names(string text) => text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static TagBuilder Head(string name, bool isNumber)
    {
        var head = new TagBuilder("th") { Attributes = { ["scope"] = "col" } };
        if (isNumber) head.AddCssClass("text-end");
        if (name == "Actions") head.InnerHtml.AppendHtml(Hidden("span", name));
        else head.InnerHtml.Append(name);
        return head;
    }

    static TagBuilder Hidden(string element, string text)
    {
        var hidden = new TagBuilder(element);
        hidden.AddCssClass("visually-hidden");
        hidden.InnerHtml.Append(text);
        return hidden;
    }
}
