namespace DirectoryPlatform.Web.Hygiene;

/// <summary>Where a sign-in may lead back to: a path of ours and nothing else (SPEC S9).</summary>
static class LocalPath
{
    /// <summary>Longer ones are dropped: they are no page of ours (own choice).</summary>
    const int Longest = 2000;

    /// <summary>
    /// The path when it is local, otherwise "/". Browsers read a backslash as a slash and drop tabs and line ends, so neither may occur. An
    /// address is ASCII: what is more was written by hand, may look like a slash, and cannot stand in a header.
    /// </summary>
    public static string OrHome(string? path) =>
        path is { Length: > 0 and <= Longest } && path[0] == '/'
        && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\') && path.All(c => c is > ' ' and <= '~')
            ? path
            : "/";
}
