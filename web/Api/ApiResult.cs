using DirectoryPlatform.Web.Api.Organizations;

namespace DirectoryPlatform.Web.Api;

/// <summary>What a route for programs answers: what was asked for, or why not, in the shape of its family.</summary>
sealed class ApiResult(Func<HttpContext, Task> write) : IResult
{
    public static readonly ApiResult Nothing = new(ApiAnswer.Nothing);

    public static implicit operator ApiResult(Refusal refusal) => new(http => ApiEnvelope.Refuse(http, refusal));

    /// <summary>In the envelope of the Organizations API.</summary>
    /// <param name="links">Null for none; so, too, <paramref name="meta"/>.</param>
    public static ApiResult Of(object data, object? links = null, object? meta = null, int status = StatusCodes.Status200OK,
        JsonSerializerOptions? names = null) => Plain(new Envelope(data, links, meta), status, names);

    public static ApiResult Plain(object value, int status = StatusCodes.Status200OK, JsonSerializerOptions? names = null) =>
        new(http => ApiAnswer.Write(http, status, value, names));

    public Task ExecuteAsync(HttpContext http) => write(http);
}

static class ApiResults
{
    public static ApiResult Shown<T>(this Outcome<T> outcome, Func<T, ApiResult> shown) where T : notnull =>
        outcome.Granted ? shown(outcome.Value) : outcome.Refusal;

    /// <summary>For what has nothing to say but that it is done.</summary>
    public static ApiResult Done<T>(this Outcome<T> outcome) where T : notnull => outcome.Refusal.Done();

    /// <param name="refusal">Null for none.</param>
    public static ApiResult Done(this Refusal? refusal) => refusal is null ? ApiResult.Nothing : refusal;
}
