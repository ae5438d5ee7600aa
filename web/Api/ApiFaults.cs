using Microsoft.AspNetCore.Diagnostics;

namespace DirectoryPlatform.Web.Api;

/// <summary>Programs are answered in JSON also where no route of theirs answers: unknown paths, wrong methods, and what broke. Runs before
/// the error pages are made.</summary>
sealed class ApiFaults(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        // After an exception the error page's path stands here, and beside it the one that was asked.
        var broke = http.Features.Get<IExceptionHandlerPathFeature>();
        if (!ApiEnvelope.IsOfPrograms(broke?.Path ?? http.Request.Path))
        {
            await next(http);
            return;
        }
        if (broke is null) await next(http);
        if (!http.Response.HasStarted && http.Response is { StatusCode: >= 400, ContentType: null })
            await ApiAnswer.Unlike(http, http.Response.StatusCode);
    }
}
