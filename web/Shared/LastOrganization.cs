namespace DirectoryPlatform.Web.Shared;

/// <summary>The organization that the visitor looked at last, in a cookie of this browser: where somebody who administers several begins.
/// It says nothing of what they may see, and is believed only of those that they administer.</summary>
static class LastOrganization
{
    const string Name = "organization";

    static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    /// <summary>Null where it is not known, or the visitor no longer administers it; the only one there is needs no memory.</summary>
    public static OrganizationId? Of(HttpContext http, Visitor visitor) => visitor.AdminOf switch
    {
        [] => null,
        [var only] => only,
        _ => Guid.TryParse(http.Request.Cookies[Settings(http).CookieName(Name)], out var id) && visitor.AdminOf.Contains(new(id))
            ? new OrganizationId(id)
            : null,
    };

    public static void Keep(HttpContext http, Visitor visitor, OrganizationId organization)
    {
        if (visitor.AdminOf.Count < 2 || Of(http, visitor) == organization) return;
        http.Response.Cookies.Append(Settings(http).CookieName(Name), organization.ToString(), new()
        {
            HttpOnly = true,
            Secure = Settings(http).SecureCookies,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
            MaxAge = Kept,
        });
    }

    static WebSettings Settings(HttpContext http) => http.RequestServices.GetRequiredService<WebSettings>();
}
