namespace DirectoryPlatform.Web.Api;

/// <summary>What programs can read they can ask about by HEAD (RFC 9110, 9.1), which is answered as GET is; the server itself sends no body
/// behind it. The routes name GET alone, so that each stands once in the table of operations and in the document.</summary>
sealed class HeadAsGet(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsHead(http.Request.Method) || !ApiEnvelope.IsOfPrograms(http.Request.Path))
        {
            await next(http);
            return;
        }
        http.Request.Method = HttpMethods.Get;
        try { await next(http); }
        // Whoever counts and logs requests is told what it was.
        finally { http.Request.Method = HttpMethods.Head; }
    }
}
