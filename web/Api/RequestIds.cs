using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Web.Api;

/// <summary>
/// One id for each request (SPEC P4): it stands in the log's scope, in the audit entries of what the request did, in the request's
/// trace, and in the answer's header, so that they can be put side by side. Made here and never taken from the request:
/// what somebody else chose could be somebody else's.
/// </summary>
sealed class RequestIds(RequestDelegate next, ILogger<RequestIds> log)
{
    public const string Header = "X-Request-Id", Name = "directory.request.id";

    /// <summary>The host's own scope says another id: the one that the request had before it came here.</summary>
    static readonly Func<ILogger, string, IDisposable?> Scope = LoggerMessage.DefineScope<string>($"Request {{{Name}}}");

    public async Task InvokeAsync(HttpContext http)
    {
        var id = http.TraceIdentifier = Guid.CreateVersion7().ToString("N");
        http.Features.Get<IHttpActivityFeature>()?.Activity.SetTag(Name, id);
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[Header] = id;
            return Task.CompletedTask;
        });
        using (Scope(log, id)) await next(http);
    }
}
