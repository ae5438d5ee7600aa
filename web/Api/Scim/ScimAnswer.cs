using System.Text.Json.Nodes;

namespace DirectoryPlatform.Web.Api.Scim;

/// <summary>How providers are answered (RFC 7644, 3.1 and 3.12).</summary>
static class ScimAnswer
{
    public const string MediaType = "application/scim+json", PlainMediaType = "application/json";

    /// <param name="status">When it is granted.</param>
    public static Task Of(HttpContext http, Outcome<ScimReply> outcome, int status = StatusCodes.Status200OK)
    {
        if (!outcome.Granted) return Refuse(http, outcome.Refusal);
        var reply = outcome.Value;
        if (reply.Odd is not null || reply.Each.Count > 0) http.Features.Set(new ScimTold(reply.Odd, reply.Each));
        if (reply.ETag is not null) http.Response.Headers.ETag = reply.ETag;
        if (reply.Location is not null && status == StatusCodes.Status201Created) http.Response.Headers.Location = reply.Location;
        if (reply.Body is null || status == StatusCodes.Status304NotModified)
        {
            http.Response.StatusCode = reply.Body is null ? StatusCodes.Status204NoContent : status;
            return Task.CompletedTask;
        }
        return Write(http, status, reply.Body);
    }

    /// <summary>Asks with the body, once it is read.</summary>
    public static async Task With(HttpContext http, Func<JsonElement, Task<Outcome<ScimReply>>> ask, int status = StatusCodes.Status200OK)
    {
        var body = await Body(http);
        await Of(http, body.Granted ? await ask(body.Value) : body.Refusal, status);
    }

    public static Task Refuse(HttpContext http, Refusal refusal) => refusal switch
    {
        ScimFault fault => Fault(http, fault.Status, fault.Type, fault.Detail, fault.RetryAfter),
        BadBody bad => Fault(http, bad.Status, bad.Status == StatusCodes.Status400BadRequest ? "invalidSyntax" : null, bad.Why),
        IRetryLater later when Later.StatusOf(refusal) is { } status => Fault(http, status, null, refusal.Sentence, later.Seconds),
        Kernel.Outcomes.NotFound => Fault(http, StatusCodes.Status404NotFound, null, refusal.Sentence),
        _ => Fault(http, StatusCodes.Status403Forbidden, null, refusal.Sentence),
    };

    /// <param name="retryAfter">Seconds; null where trying again is of no use.</param>
    public static Task Fault(HttpContext http, int status, string? type, string detail, int? retryAfter = null)
    {
        if (retryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        http.Features.Set(new ScimTold(detail, []));
        return Write(http, status, new ScimFault(status, type, detail).Write());
    }

    public static Task Write(HttpContext http, int status, JsonObject body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = TypeFor(http.Request);
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(body.ToJsonString(), CancellationToken.None);
    }

    /// <summary>Clients that know only JSON say so, and refuse anything else (RFC 7644, 3.1; RFC 9110, 12.5.1).</summary>
    static string TypeFor(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Liking(PlainMediaType) > Liking(MediaType) ? PlainMediaType : MediaType;

        // What names a type most closely says how much it is liked.
        double Liking(string type) => (accepted.FirstOrDefault(a => Is(a, type)) ?? accepted.FirstOrDefault(a => Is(a, "application/*"))
            ?? accepted.FirstOrDefault(a => Is(a, "*/*"))) is { } named ? named.Quality ?? 1 : 0;

        static bool Is(Microsoft.Net.Http.Headers.MediaTypeHeaderValue accepted, string type) =>
            accepted.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
    }

    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>What Bulk may carry, and much more than one resource needs (SPEC P4).</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>The body, which is an object whose every text a database can hold.</summary>
    public static async Task<Outcome<JsonElement>> Body(HttpContext http)
    {
        if (http.Request.ContentType?.Split(';')[0]
            .Trim() is not { } type
            || !(type.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
                || type.Equals(PlainMediaType, StringComparison.OrdinalIgnoreCase)))
            return new BadBody(StatusCodes.Status415UnsupportedMediaType, $"Send the body as {MediaType}.");
        if (await ApiBody.Bytes(http, MostBytes) is not { } bytes)
            return new BadBody(StatusCodes.Status413PayloadTooLarge, $"The body has more than {MostBytes} bytes.");
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return document.RootElement.ValueKind is JsonValueKind.Object && IsText(document.RootElement)
                ? document.RootElement.Clone()
                : new BadBody(StatusCodes.Status400BadRequest, "The body is not a JSON object of plain text.");
        }
        catch (Exception torn)
        when (torn is JsonException or InvalidOperationException)
        {
            return new BadBody(StatusCodes.Status400BadRequest,
            "The body is not a JSON object with each member once.");
        }
    }

    static bool IsText(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(p => Hygiene.BadInput.IsText(p.Name) && IsText(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsText),
        JsonValueKind.String => Hygiene.BadInput.IsText(element.GetString()),
        _ => true,
    };
}
