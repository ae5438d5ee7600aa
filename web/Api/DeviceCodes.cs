namespace DirectoryPlatform.Web.Api;

/// <summary>How a program without a browser comes to an API key (SPEC P9), after RFC 8628 and in the shapes of this API. Nothing here leads
/// to a page with the code in its address: whoever confirms has read the code from the own terminal and typed it (RFC 8628, 5.4).</summary>
static class DeviceCodes
{
    /// <summary>Where an admin enters the code.</summary>
    public const string Page = "/device";

    public static void MapDeviceCodes(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/device-code", Ask).Requires(Permission.Anyone, bearer: true).AsksAtDoor(Doors.DeviceCode);
        app.MapPost("/api/device-key", Fetch).Requires(Permission.Anyone, bearer: true)
            .WithoutDoor("One look by index for a code of 256 random bits, which is told to slow down.");
    }

    static async Task<ApiResult> Ask(HttpContext http, IMediator mediator, ILimiter limiter, WebSettings settings)
    {
        if (await limiter.Enter(Doors.DeviceCode, http.Origin(), null, http.RequestAborted) is { } closed) return closed;
        var body = await ApiBody.Read<AskBody>(http);
        var made = await body.Then(given => mediator.Send(
            new AskForDeviceCode(given.Program, given.Scopes, http.Origin() with { Means = "device code" }), CancellationToken.None));
        return made.Shown(code => ApiResult.Plain(new Asked(code.Secret, code.UserCode, new Uri(settings.PublicUrl, Page).AbsoluteUri,
            (int)AskForDeviceCode.GoodFor.TotalSeconds, (int)AskForDeviceCode.Interval.TotalSeconds)));
    }

    static async Task<ApiResult> Fetch(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.Read<FetchBody>(http);
        var fetched = await body.Then(given => mediator.Send(
            new FetchDeviceKey(given.DeviceCode, http.Origin() with { Means = "device code" }), CancellationToken.None));
        if (!fetched.Granted) return fetched.Refusal;
        var (key, organization) = fetched.Value;
        var name = (await mediator.Send(new ReadOrganizations([organization]), CancellationToken.None))[0].Name;
        return ApiResult.Plain(new Fetched(key.Secret, [.. key.Key.Scopes.Select(s => s.Name())], key.Key.ExpiresAt.UtcDateTime,
            new(organization.Value, name)));
    }

    /// <param name="Program">How the program calls itself.</param>
    sealed record AskBody(string? Program, IReadOnlyList<string>? Scopes);

    sealed record FetchBody(string? DeviceCode);

    /// <param name="ExpiresIn">Seconds that the codes are good for.</param>
    /// <param name="Interval">Seconds between two questions for the key.</param>
    sealed record Asked(string DeviceCode, string UserCode, string VerificationUri, int ExpiresIn, int Interval);

    sealed record Fetched(string Key, IReadOnlyList<string> Scopes, DateTime ExpiresAt, KeyOrganization Organization);

    sealed record KeyOrganization(Guid Id, string Name);
}
