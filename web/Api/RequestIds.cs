using Microsoft.AspNetCore.Http.Features;

namespace DirectoryPlatform.Web.Api;

/// <summary>
/// One id for each request (SPEC P4): it stands in the log's scope, in the audit entries of what the request did, in the request's
/// trace, and in the answer's header, so that they can be put side by side. Made here and never taken from the request:
/// what somebody else chose could be somebody else's.
/// </summary>
sealed class RequestIds(RequestDelegate next)
{
    public const string Header = "X-Request-Id";

    public Task InvokeAsync(HttpContext http)
    {
        var id = http.TraceIdentifier = Guid.CreateVersion7().ToString("N");
        http.Features.Get<IHttpActivityFeature>()?.Activity.SetTag("directory.request.id", id);
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[Header] = id;
            return Task.CompletedTask;
        });
        return next(http);
    }
}
