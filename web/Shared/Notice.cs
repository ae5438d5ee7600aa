using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace DirectoryPlatform.Web.Shared;

/// <summary>The line at the top of the page after a redirect: what was done, or why not, and perhaps the next step.</summary>
public sealed record Notice(string Sentence, bool Refused, string? NextText, string? NextPath)
{
    public static void Leave(ITempDataDictionary kept, string sentence, (string Text, string Path)? next, bool refused = false)
    {
        kept["notice"] = sentence;
        kept["notice.refused"] = refused;
        kept["notice.text"] = next?.Text;
        kept["notice.path"] = next?.Path;
    }

    public static Notice? Take(ITempDataDictionary kept) => kept["notice"] is string sentence
        ? new Notice(sentence, kept["notice.refused"] is true, kept["notice.text"] as string, kept["notice.path"] as string)
        : null;
}
