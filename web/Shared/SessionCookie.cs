namespace DirectoryPlatform.Web.Shared;

/// <summary>The session's secret at the visitor's side (SPEC S9). How long it is good for is decided by the server alone, so the cookie
/// names no time.</summary>
static class SessionCookie
{
    public static void Give(HttpResponse response, WebSettings settings, string token) =>
        response.Cookies.Append(settings.SessionCookie, token, Options(settings));

    public static void Take(HttpResponse response, WebSettings settings) =>
        response.Cookies.Delete(settings.SessionCookie, Options(settings));

    static CookieOptions Options(WebSettings settings) =>
        new() { HttpOnly = true, Secure = settings.SecureCookies, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}

/// <summary>What the browser calls itself, from which the session's device gets its name; empty when it says nothing.</summary>
static class Device
{
    /// <summary>Enough to tell browsers apart (own choice).</summary>
    const int Longest = 200;

    public static string Of(HttpRequest request)
    {
        var agent = string.Concat(request.Headers.UserAgent.ToString().Where(c => !char.IsControl(c) && !char.IsSurrogate(c))).Trim();
        return agent.Length > Longest ? agent[..Longest] : agent;
    }
}
