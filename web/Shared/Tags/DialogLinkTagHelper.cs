namespace DirectoryPlatform.Web.Tags;

/// <summary>Marks each link whose page opens in a dialog; without script it is a link.</summary>
[HtmlTargetElement("a", Attributes = "href")]
public sealed class DialogLinkTagHelper(DialogPages pages) : TagHelper
{
    public string? Href { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (string.IsNullOrEmpty(Href)) return;
        output.Attributes.SetAttribute("href", Href);
        if (pages.Has(Href)) output.Attributes.SetAttribute("data-dialog", null);
    }
}
