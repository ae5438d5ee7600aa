namespace DirectoryPlatform.Domains;

/// <summary>Domains whose mailboxes belong to strangers: whoever proved one would own people who
/// never heard of the organization (SPEC D3).</summary>
public static class MailProviders
{
    static readonly Lazy<SortedLines> Free = new(() => SortedLines.Embedded("freemail.txt"));
    static readonly Lazy<SortedLines> Disposable = new(() => SortedLines.Embedded("disposable.txt"));

    public static bool IsFree(string name) => Free.Value.Contains(name);

    public static bool IsDisposable(string name)
    {
        if (Disposable.Value.Contains(name))
            return true;
        for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
            if (Disposable.Value.Contains("*" + name[dot..]))
                return true;
        return false;
    }
}
