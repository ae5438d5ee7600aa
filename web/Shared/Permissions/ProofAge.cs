namespace DirectoryPlatform.Web.Permissions;

/// <summary>How old the last proof by password may be where a fresh one is asked for (SPEC S11), and where it is asked for again.</summary>
static class ProofAge
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    /// <summary>Whether a browser's last proof is too old; programs have none.</summary>
    public static bool IsTooOld(Visitor visitor, TimeProvider clock) =>
        visitor is { Means: "web" } && !(visitor.ProvedAt > clock.GetUtcNow() - Lasts);

    /// <summary>Where a page or a download that is only looked at asks; the answer leads back to it.</summary>
    public static string PathToQuestion(HttpContext http) =>
        $"/confirm-it-is-you?returnTo={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}";
}
