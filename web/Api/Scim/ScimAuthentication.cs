using System.Collections.Concurrent;

namespace DirectoryPlatform.Web.Api.Scim;

/// <summary>
/// The gate for identity providers' programs, which are nobody: a token opens its own directory and answers at any other address exactly as
/// no token (SPEC P2, A9). What is refused behind it, or was odd, goes into the directory's troubleshooting log.
/// </summary>
sealed class ScimAuthentication(KeyLimits limits, Admissions admissions, IMediator questions, TimeProvider clock)
{
    /// <summary>So often it is written down that a provider asks too much: each time would be too much, too.</summary>
    static readonly TimeSpan ToldEvery = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<Guid, long> _told = new();

    public async Task Let(HttpContext http, IMediator mediator, RequestDelegate next)
    {
        var looks = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        var token = BearerToken.Of(http.Request);
        var grant = Guid.TryParse(http.Request.RouteValues[Scim.DirectoryKey] as string, out var directory) && token is not null
            ? await mediator.Send(new AuthenticateScimToken(directory, token, looks), http.RequestAborted)
            : null;
        Meters.Gate.Count("answer", grant is null ? "sign_in" : "in");
        if (grant is null)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            await ScimAnswer.Fault(http, StatusCodes.Status401Unauthorized, null,
                "Send this directory’s token in the Authorization header. "
                + "A token that was renewed, or whose directory was removed, no longer works.");
            return;
        }
        http.Features.Set(grant);
        admissions.Now?.LetIn(async () =>
            await questions.Send(new AuthenticateScimToken(directory, token!, true), CancellationToken.None) is not null);
        if (await limits.Take(directory, http.RequestAborted) is { } wait)
        {
            const string Detail = "This directory receives too many requests. Wait for the number of seconds in Retry-After.";
            await ScimAnswer.Fault(http, StatusCodes.Status429TooManyRequests, null, Detail, (int)Math.Ceiling(wait.TotalSeconds));
        }
        else await next(http);
        if (http.Response.StatusCode == StatusCodes.Status429TooManyRequests && !IsNews(directory)) return;
        if (http.Features.Get<ScimTold>() is { } told)
            await mediator.Send(new NoteProvisioning(grant.Directory, [.. told.Each, .. told.Reason is { } reason
                ? [new OddRequest(http.Request.Method, PathOf(http), http.Response.StatusCode, reason, Person(http))]
                : Array.Empty<OddRequest>()]), CancellationToken.None);
    }

    bool IsNews(Guid directory)
    {
        var now = clock.GetTimestamp();
        if (!_told.TryGetValue(directory, out var last)) return _told.TryAdd(directory, now);
        return clock.GetElapsedTime(last, now) >= ToldEvery && _told.TryUpdate(directory, now, last);
    }

    /// <summary>Behind the base URL.</summary>
    static string PathOf(HttpContext http)
    {
        var path = http.Request.Path.Value!.Split('/', 5) is [_, _, _, _, var rest] ? $"/{rest}" : "/";
        return path + Uri.UnescapeDataString(http.Request.QueryString.Value!.Replace('+', ' '));
    }

    static Guid? Person(HttpContext http) => Guid.TryParse(http.Request.RouteValues[ScimRoutes.UserKey] as string, out var user)
        ? user
        : null;
}

/// <summary>Why a request was refused, or what was odd about it: for the log behind the answer.</summary>
/// <param name="Reason">Null where only what stood in it was odd.</param>
/// <param name="Each">Of many requests in one.</param>
sealed record ScimTold(string? Reason, IReadOnlyList<OddRequest> Each);

static class CurrentProvider
{
    /// <summary>As recognised at the door.</summary>
    public static ProvisioningGrant Provider(this HttpContext http) => http.Features.Get<ProvisioningGrant>()!;

    /// <summary>The one place where a provider's request gets its origin (SPEC L1).</summary>
    public static Origin ProviderOrigin(this HttpContext http) =>
        http.Provider().Origin(http.Connection.RemoteIpAddress?.ToString(), http.TraceIdentifier);
}
