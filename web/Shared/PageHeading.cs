namespace DirectoryPlatform.Web.Shared;

static class PageHeading
{
    /// <summary>What a page is called, where the way back leads, and how wide it is: for <c>_Layout</c> and
    /// <see cref="Tags.HeadingTagHelper"/>.</summary>
    public static void Heading(this ViewDataDictionary view, string? title, (string Path, string? Text)? back = null, bool narrow = false,
        bool wide = false)
    {
        view["Title"] = title;
        view["Back"] = back?.Path;
        view["BackText"] = back?.Text;
        view["Narrow"] = narrow;
        view["Wide"] = wide;
    }
}
