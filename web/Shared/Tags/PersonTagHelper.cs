namespace DirectoryPlatform.Web.Tags;

/// <summary>A person in a list: the picture, and the name over the address, each on one line whatever its length; what does not fit is said
/// by the title. Whoever was invited and has no name yet is called by the address, which then stands there once.
/// <c>&lt;person name="@row.Name" email="@row.Email" id="@row.Id" href="…" /&gt;</c></summary>
[HtmlTargetElement("person", TagStructure = TagStructure.WithoutEndTag)]
public sealed class PersonTagHelper : TagHelper
{
    public required string Name { get; set; }
    public required string Email { get; set; }
    public Guid Id { get; set; }

    /// <summary>As in <see cref="AvatarTagHelper.Picture"/>.</summary>
    public string? Picture { get; set; }

    /// <summary>The person's page; null where the visitor may not see it.</summary>
    public string? Href { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "who");
        output.Attributes.SetAttribute("title", Name == Email ? Email : $"{Name}, {Email}");
        var name = new TagBuilder(string.IsNullOrEmpty(Href) ? "span" : "a") { Attributes = { ["class"] = "who-name" } };
        if (!string.IsNullOrEmpty(Href)) name.Attributes["href"] = Href;
        name.InnerHtml.Append(Name);
        var words = new TagBuilder("span") { Attributes = { ["class"] = "who-words" } };
        words.InnerHtml.AppendHtml(name);
        if (Name != Email) words.InnerHtml.AppendHtml(Marks.Span("who-mail", Email));
        output.Content.AppendHtml(AvatarTagHelper.Made(Name, Id, Picture, "avatar-sm")).AppendHtml(words);
    }
}
