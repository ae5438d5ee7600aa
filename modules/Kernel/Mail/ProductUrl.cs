namespace DirectoryPlatform.Kernel.Mail;

/// <summary>The one address under which people reach this installation; links in mails are built from it and from nothing that a request
/// says (SPEC S9).</summary>
public sealed record ProductUrl(Uri Base)
{
    /// <param name="path">Begins with a slash.</param>
    public string Link(string path) => new Uri(Base, path).AbsoluteUri;
}
