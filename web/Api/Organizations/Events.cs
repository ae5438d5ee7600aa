using System.Text.Json;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>The audit log (SPEC L3): newest first to look into, and as a stream that misses nothing.
/// Actions are in lower case with underscores, "account_deactivated".</summary>
static class Events
{
    const string All = $"{Orgs.V1}/events";

    /// <summary>What that API can narrow by and this one cannot: refused, because an answer that ignores it would show too much.</summary>
    static readonly string[] Unknown = ["ip", "product", "location"];

    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        app.MapGet(All, List).Requires(Permission.ViewAuditLog, ApiScope.AuditRead);
        app.MapGet($"{All}/{{eventId:guid}}", One).Requires(Permission.ViewAuditLog, ApiScope.AuditRead);
        app.MapGet($"{Orgs.V1}/events-stream", Stream).Requires(Permission.ViewAuditLog, ApiScope.AuditRead);
        app.MapGet($"{Orgs.V1}/event-actions", async (HttpContext http, IMediator mediator) => await OrganizationShape.Write(
            http, (await mediator.Send(new ReadAuditActions(http.Organization()), http.RequestAborted))
                .Select(a => new Resource(Name(a), "event-actions", new { displayName = HistoryLabels.Of(a) }))))
                .Requires(Permission.ViewAuditLog, ApiScope.AuditRead);
    }

    static async Task List(HttpContext http, IMediator mediator)
    {
        var (size, from, to) = (OrganizationShape.Size(http), Moment(http, "from"), Moment(http, "to"));
        if (FirstOf(FaultOf(http), size, from, to) is { } refusal)
        {
            await OrganizationShape.Refuse(http, refusal);
            return;
        }
        var filter = new AuditFilter(OrganizationShape.Text(http, "actor"), null, await Actions(http, mediator), from.Value.At,
            to.Value.At);
        if (OrganizationShape.Text(http, "q") is { } words)
        {
            if (IsSomebody(words)) filter = filter with { Either = words };
            else filter = filter
                with
            {
                Actions = [
                    .. (await Named(http, mediator, a => $"{Name(a)} {HistoryLabels.Of(a)}"
                        .Contains(words, StringComparison.OrdinalIgnoreCase))).Where(a => filter.Actions?.Contains(a) is not false)]
            };
        }
        var page = await mediator.Send(new ReadAuditLog(http.Organization(), filter, OrganizationShape.Text(http, "cursor"), size.Value),
            http.RequestAborted);
        if (page.Granted) await OrganizationShape.Write(http, page.Value.Rows.Select(l => Shape(http, l)),
            OrganizationShape.Links(http, page.Value), new { next = page.Value.Next, page_size = page.Value.Rows.Count });
        else await OrganizationShape.Refuse(http, page.Refusal);
    }

    static async Task Stream(HttpContext http, IMediator mediator)
    {
        var (size, from, to) = (OrganizationShape.Size(http), Moment(http, "from"), Moment(http, "to"));
        if (FirstOf(null, size, from, to) is { } refusal)
        {
            await OrganizationShape.Refuse(http, refusal);
            return;
        }
        var stretch = await mediator.Send(new ReadSealedLog(http.Organization(), OrganizationShape.Text(http, "cursor"), from.Value.At,
            to.Value.At, size.Value), http.RequestAborted);
        if (stretch.Granted) await OrganizationShape.Write(http, stretch.Value.Lines.Select(l => Shape(http, l)),
            new PageLinks(OrganizationShape.Here(http), null, OrganizationShape.At(http, stretch.Value.Next)),
            new { next = stretch.Value.Next, page_size = stretch.Value.Lines.Count });
        else await OrganizationShape.Refuse(http, stretch.Refusal);
    }

    static async Task One(HttpContext http, IMediator mediator, Guid eventId)
    {
        var read = await mediator.Send(new ReadAuditEntry(http.Organization(), eventId), http.RequestAborted);
        if (read.Granted) await OrganizationShape.Write(http, Shape(http, read.Value));
        else await OrganizationShape.Refuse(http, read.Refusal);
    }

    static Event Shape(HttpContext http, AuditLine line) => new(
        $"{line.Id}", "events",
        new(
            line.History.At.UtcDateTime, Name(line.History.Action), line.Actor is { } actor
                ? new($"{actor}", line.History.Actor, line.ActorEmail)
                : null,
            [new($"{line.Subject}", JsonNamingPolicy.CamelCase.ConvertName($"{line.Kind}"), new(line.SubjectName))],
            [new($"{http.Organization()}", "organization", new(null))], line.Address is null ? null : new(line.Address),
            line.History.Means, line.RequestId, line.Job, line.History.Why, line.History.Changes),
        new(HistoryLabels.Of(line.History), "simple"),
            new(OrganizationShape.Link(http, $"/admin/v1/orgs/{http.Organization()}/events/{line.Id}")));

    static string Name(string action) => JsonNamingPolicy.SnakeCaseLower.ConvertName(action);

    /// <summary>Null for all; what never happened matches nothing.</summary>
    static async Task<IReadOnlyList<string>?> Actions(HttpContext http, IMediator mediator) =>
        http.Request.Query["action"].OfType<string>().Where(a => a.Length > 0)
            .ToHashSet(StringComparer.OrdinalIgnoreCase) is { Count: > 0 } asked
            ? await Named(http, mediator, a => asked.Contains(Name(a)) || asked.Contains(a))
            : null;

    static async Task<IReadOnlyList<string>> Named(HttpContext http, IMediator mediator, Func<string, bool> which) =>
        [.. (await mediator.Send(new ReadAuditActions(http.Organization()), http.RequestAborted)).Where(which)];

    static Refusal? FaultOf(HttpContext http) =>
        Unknown.FirstOrDefault(http.Request.Query.ContainsKey) is { } unknown
            ? new InvalidValue(unknown, "Events cannot be narrowed by this.")
        : http.Request.Query["actor"].Count > 1 ? new InvalidValue("actor", "Ask for one actor at a time.")
        : OrganizationShape.Text(http, "actor") is { } actor && !IsSomebody(actor)
        ? new InvalidValue("actor", "Give an account id or a whole email address.")
        : null;

    static bool IsSomebody(string text) => Guid.TryParse(text, out _) || EmailAddress.Parse(text).Granted;

    /// <summary>Milliseconds since 1970, as that API has it, or a time in ISO 8601.</summary>
    static Outcome<Bound> Moment(HttpContext http, string name) => OrganizationShape.Text(http, name) switch
    {
        null => new Bound(null),
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var since) =>
            since <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? new Bound(DateTimeOffset.FromUnixTimeMilliseconds(since))
            : Bad(name),
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) =>
            new Bound(at),
        _ => Bad(name),
    };

    static InvalidValue Bad(string name) => new(name, "Give milliseconds since 1970, or a time such as 2026-11-22T10:00:00Z.");

    static Refusal? FirstOf(Refusal? first, Outcome<int> size, Outcome<Bound> from, Outcome<Bound> to) =>
        first ?? (size.Granted ? from.Granted ? to.Granted ? null : to.Refusal : from.Refusal : size.Refusal);

    readonly record struct Bound(DateTimeOffset? At);

    sealed record Event(string Id, string Type, EventAttributes Attributes, EventMessage Message, SelfLink Links);

    /// <param name="Actor">Left out for the platform itself.</param>
    /// <param name="Context">What it was done to.</param>
    /// <param name="Location">Left out when there was none or it was erased.</param>
    /// <param name="Means">"web", "key …", "job": beyond that API, as is all that follows.</param>
    sealed record EventAttributes(
        DateTime Time, string Action, EventActor? Actor, IReadOnlyList<EventThing> Context, IReadOnlyList<EventThing> Container,
        EventLocation? Location,
        string Means, string? RequestId, Guid? JobId, string? Reason, IReadOnlyList<HistoryChange> Changes);

    sealed record EventActor(string Id, string? Name, string? Email);

    sealed record EventThing(string Id, string Type, EventThingAttributes Attributes);

    sealed record EventThingAttributes(string? Name);

    sealed record EventLocation(string Ip);

    sealed record EventMessage(string Content, string Format);
}
