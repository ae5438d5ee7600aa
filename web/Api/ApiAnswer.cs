using System.Globalization;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;

namespace DirectoryPlatform.Web.Api;

/// <summary>What a program is told: a code for it and a sentence for whoever reads its log.</summary>
/// <param name="Code">Of the refusal; stable.</param>
public sealed record ApiFault(string Code, string Message);

static class ApiAnswer
{
    public static Task Refuse(HttpContext http, Refusal refusal)
    {
        if (refusal is TooManyAttempts pause) http.Response.Headers.RetryAfter = pause.Seconds.ToString(CultureInfo.InvariantCulture);
        return Write(http, StatusOf(refusal), new ApiFault(refusal.Code, refusal.Sentence));
    }

    /// <summary>No valid token: what to send is said as RFC 6750 has it.</summary>
    public static Task Unauthorized(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Write(http, StatusCodes.Status401Unauthorized, new ApiFault("unauthorized", "Send a valid token in the Authorization header."));
    }

    public static Task NotFound(HttpContext http) => Write(http, StatusCodes.Status404NotFound, new ApiFault("notFound", "There is nothing at this address, or it is not yours to see."));

    public static Task Write<T>(HttpContext http, int status, T value)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(value, KernelJson.Options, CancellationToken.None);
    }

    /// <summary>Whatever a sign-in may ask for besides the password is a refusal with a code of its own, and so a 403 that says what.</summary>
    static int StatusOf(Refusal refusal) => refusal switch
    {
        BadBody bad => bad.Status,
        Kernel.NotFound => StatusCodes.Status404NotFound,
        InvalidValue => StatusCodes.Status422UnprocessableEntity,
        WrongCredentials or RefreshTokenVoid => StatusCodes.Status401Unauthorized,
        RefreshedJustNow => StatusCodes.Status409Conflict,
        TooManyAttempts => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status403Forbidden,
    };
}
