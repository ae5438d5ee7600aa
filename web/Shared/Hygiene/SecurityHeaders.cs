namespace DirectoryPlatform.Web.Hygiene;

/// <summary>The headers of every answer (SPEC S9). Set when the answer starts, so that error pages carry them too.</summary>
sealed class SecurityHeaders(RequestDelegate next, WebSettings settings)
{
    /// <summary>No inline script or style anywhere; data: images are the style sheet's own arrows and ticks.</summary>
    const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action "
            + "'self'; base-uri 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            var own = http.GetEndpoint()?.Metadata.GetMetadata<OwnContentPolicy>();
            headers.ContentSecurityPolicy = own?.Policy ?? ContentPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            // A sandboxed page has no origin to be the same, and a browser may show none that says both.
            if (own is null) headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers.XFrameOptions = "DENY"; // for what does not know frame-ancestors
            if (settings.PublicUrl.Scheme == Uri.UriSchemeHttps && settings.StrictTransport is { } strict)
                headers.StrictTransportSecurity = strict;
            if (headers.CacheControl.Count == 0 || headers.ContentType.ToString().StartsWith("text/html", StringComparison.Ordinal))
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(http);
    }
}

/// <summary>Of a route whose answers are no pages of ours.</summary>
sealed record OwnContentPolicy(string Policy)
{
    /// <summary>An email as it would be read: styles that stand in it, no script, nothing from elsewhere, an origin of its own.</summary>
    public static readonly OwnContentPolicy OfMail = new("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; sandbox");
}
