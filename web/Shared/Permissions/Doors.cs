namespace DirectoryPlatform.Web.Permissions;

/// <summary>
/// Declares at which door (SPEC S11) something asks that is open to anyone. A test holds that everything open to anyone declares one, or
/// says why not.
/// </summary>
/// <param name="door">A name of <see cref="Doors"/>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class DoorAttribute(string door) : Attribute
{
    public Door Door { get; } = Doors.All.Single(d => d.Name == door);

    /// <summary>
    /// Handlers of a page that ask there themselves, by what they send, before anything dear; "" is the plain post. Null: everything that
    /// is sent to the route is counted here, before it is looked at.
    /// </summary>
    public string[]? Handlers { get; init; }
}

/// <summary>Says why something that is open to anyone asks at no door.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NoDoorAttribute(string why) : Attribute
{
    public string Why { get; } = why;

    /// <summary>Handlers of a page; null for the whole route.</summary>
    public string[]? Handlers { get; init; }
}

public static class DoorsOnRoutes
{
    /// <summary>The same declarations for routes that are not pages.</summary>
    public static TBuilder AtDoor<TBuilder>(this TBuilder route, Door door) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new DoorAttribute(door.Name));

    /// <summary>Asks by what it sends.</summary>
    public static TBuilder AsksAtDoor<TBuilder>(this TBuilder route, Door door) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new DoorAttribute(door.Name) { Handlers = [""] });

    public static TBuilder WithoutDoor<TBuilder>(this TBuilder route, string why) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new NoDoorAttribute(why));
}

/// <summary>
/// Counts whoever asks, at routes that declare a door and send nothing that would ask there. Who is signed in is known and passes.
/// </summary>
sealed class AtTheDoor(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var door = http.GetEndpoint()?.Metadata.GetOrderedMetadata<DoorAttribute>().FirstOrDefault(d => d.Handlers is null)?.Door;
        if (door is not null && http.Visitor() is null && !BadInput.IsErrorPage(http) && await Ask(http, door) is { } closed)
            Later.Say(http.Response, closed);
        else await next(http);
    }

    static Task<TooManyRequests?> Ask(HttpContext http, Door door) =>
        http.RequestServices.GetRequiredService<ILimiter>().Enter(door, http.Origin(), null, http.RequestAborted);
}

/// <summary>Refusals that end by themselves, in the words of HTTP.</summary>
static class Later
{
    /// <summary>Null for a refusal that does not.</summary>
    public static int? StatusOf(Refusal refusal) => refusal switch
    {
        TooBusy or Busy or NodeStops => StatusCodes.Status503ServiceUnavailable,
        IRetryLater => StatusCodes.Status429TooManyRequests,
        _ => null,
    };

    /// <summary>Status and Retry-After, where the refusal ends by itself.</summary>
    public static bool Say(HttpResponse response, Refusal refusal)
    {
        if (StatusOf(refusal) is not { } status || refusal is not IRetryLater later) return false;
        response.StatusCode = status;
        response.Headers.RetryAfter = later.Seconds.ToString(CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>A database that was started again is there within seconds (own choice).</summary>
    const string SecondsAway = "5";

    /// <summary>For a 503 that nobody refused: the database is away.</summary>
    public static void SayWhenAway(HttpResponse response, int status)
    {
        if (status is StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0)
            response.Headers.RetryAfter = SecondsAway;
    }
}
