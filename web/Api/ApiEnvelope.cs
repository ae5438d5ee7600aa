using DirectoryPlatform.Web.Api.Management;
using DirectoryPlatform.Web.Api.Organizations;

namespace DirectoryPlatform.Web.Api;

/// <summary>How a refusal is written, by the family of routes that was asked: each has the shape that its clients know (SPEC P1).</summary>
static class ApiEnvelope
{
    static readonly PathString Own = "/api", Organizations = "/admin", Users = "/users";

    /// <summary>Whether programs ask here, who are answered in JSON whatever happens.</summary>
    public static bool IsOfPrograms(PathString path) => path.StartsWithSegments(Own) || path.StartsWithSegments(Organizations)
        || path.StartsWithSegments(Users) || path.StartsWithSegments(Scim.Scim.Place);

    /// <summary>What a route answers that was asked and refuses.</summary>
    public static Task Refuse(HttpContext http, Refusal refusal) =>
        http.Request.Path.StartsWithSegments(Organizations) ? OrganizationShape.Refuse(http, refusal)
        : http.Request.Path.StartsWithSegments(Users) ? UserFaults.Refuse(http, refusal)
        : ApiAnswer.Refuse(http, refusal);

    public static Task Refuse(HttpContext http, int status, Refusal refusal) => Fault(http, status, refusal.Code, refusal.Sentence);

    public static Task Fault(HttpContext http, int status, string code, string sentence)
    {
        // After an exception the error page's path stands here, and beside it the one that was asked.
        var path = new PathString(http.Features.Get<Microsoft.AspNetCore.Diagnostics.IExceptionHandlerPathFeature>()?.Path
            ?? http.Request.Path);
        return path.StartsWithSegments(Organizations)
            ? ApiAnswer.Write(http, status,
                new OrganizationFaults(
                    [new(http.TraceIdentifier, status.ToString(CultureInfo.InvariantCulture), code, Title(status), sentence)]))
            : path.StartsWithSegments(Users)
            ? ApiAnswer.Write(http, status, new UserFault(KeyOf(status, code), null) { Message = sentence })
            : path.StartsWithSegments(Scim.Scim.Place) ? Scim.ScimAnswer.Fault(http, status, null, sentence)
            : ApiAnswer.Write(http, status, new ApiFault(code, sentence));
    }

    /// <summary>The few keys that clients of the User management API know by their status.</summary>
    static string KeyOf(int status, string code) => status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType =>
            "bodyParseFailure",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status404NotFound => "accountNotFound",
        _ => code,
    };

    static string Title(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}

/// <summary>Error envelope of the Organizations API.</summary>
sealed record OrganizationFaults(IReadOnlyList<OrganizationFault> Errors);

/// <param name="Id">Of the request, as in its header.</param>
/// <param name="Status">The HTTP status as text.</param>
/// <param name="Code">Of the refusal; stable.</param>
sealed record OrganizationFault(string Id, string Status, string Code, string Title, string Detail);

/// <summary>Error envelope of the User management API.</summary>
/// <param name="Context">What the key is about; its shape depends on the key. Null for nothing.</param>
sealed record UserFault(string Key, object? Context)
{
    /// <summary>Beyond that API: the sentence for whoever reads a log.</summary>
    public string? Message { get; init; }
}
