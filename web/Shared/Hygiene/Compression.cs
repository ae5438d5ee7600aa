using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace DirectoryPlatform.Web.Hygiene;

/// <summary>Text is sent compressed, where nobody else can have asked for it: an attacker who makes a browser ask for a page again and
/// again, with a guess in the address, reads from its compressed length whether the guess stands in it (BREACH). Such a request says that
/// it comes from another site, or comes without our cookies.</summary>
static class Compression
{
    static readonly string[] Texts = ["text/html", "text/plain", "text/csv", "image/svg+xml", "application/json", "application/jsonl",
        "application/problem+json", "application/scim+json", "application/vnd.oai.openapi+json"];

    public static void Add(IServiceCollection services)
    {
        services.AddResponseCompression(o =>
        {
            o.EnableForHttps = true;
            o.MimeTypes = Texts;
        });
        // A page is made for one visitor and once: the best form of it would cost more than it saves.
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
    }

    public static void Use(WebApplication app) => app.UseWhen(http => IsOurs(http.Request), ours => ours.UseResponseCompression());

    /// <summary>Fetch metadata cannot be set by a page. A browser that sends none gets its pages as they are, over plain http, too: TLS may
    /// end at a proxy that we do not know of.</summary>
    static bool IsOurs(HttpRequest request) =>
        request.Headers.Cookie.Count == 0 || request.Headers["Sec-Fetch-Site"].ToString() is "same-origin" or "none";
}
