namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>The audit log (SPEC L3): newest first to look into, and as a stream that misses nothing.
/// Actions are in lower case with underscores, "account_deactivated".</summary>
static class Events
{
    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ViewAuditLog, ApiScope.AuditRead);
        foreach (var all in (string[])[$"{Orgs.V1}/events", $"{Orgs.V2}/events"])
        {
            read.MapGet(all, List);
            read.MapGet($"{all}/{{eventId:guid}}", async (ApiCall call, Guid eventId) =>
                (await call.Send(new ReadAuditEntry(call.Organization, eventId))).Shown(line => ApiResult.Of(Shape(call, line))));
        }
        read.MapGet($"{Orgs.V1}/events-stream", Stream);
        read.MapGet($"{Orgs.V1}/event-actions", async (ApiCall call) => ApiResult.Of((await Named(call, _ => true))
            .Select(a => new Resource(Name(a), "event-actions", new { displayName = HistoryLabels.Of(a) }))));
    }

    static async Task<ApiResult> List(ApiCall call)
    {
        if (FaultOf(call) is { } fault) return fault;
        var asked = EventSpan.Of(call);
        if (!asked.Granted) return asked.Refusal;
        var (size, from, to) = asked.Value;
        var filter = new AuditFilter(null, null, await Actions(call), from, to) { Actors = call.Asked.All("actor") };
        if (call.Asked.Text("q") is { } words)
        {
            if (IsSomebody(words)) filter = filter with { Either = words };
            else filter = filter with
            {
                Actions = await Named(call, a => $"{Name(a)} {HistoryLabels.Of(a)}".Contains(words, StringComparison.OrdinalIgnoreCase)
                    && filter.Actions?.Contains(a) is not false),
            };
        }
        return (await call.Send(new ReadAuditLog(call.Organization, filter, call.Cursor, size))).Shown(page => ApiResult.Of(
            page.Rows.Select(l => Shape(call, l)), call.Links(page), new { next = call.Sealed(page.Next), page_size = page.Rows.Count }));
    }

    static async Task<ApiResult> Stream(ApiCall call)
    {
        var asked = EventSpan.Of(call);
        if (!asked.Granted) return asked.Refusal;
        var (size, from, to) = asked.Value;
        return (await call.Send(new ReadSealedLog(call.Organization, call.Cursor, from, to, size))).Shown(stretch => ApiResult.Of(
            stretch.Lines.Select(l => Shape(call, l)), new PageLinks(call.Here, null, call.At(stretch.Next)),
            new { next = stretch.Next, page_size = stretch.Lines.Count }));
    }

    static Event Shape(ApiCall call, AuditLine line) => new(
        $"{line.Id}", "events",
        new(
            line.History.At.UtcDateTime, Name(line.History.Action), ActorOf(line),
            [new($"{line.Subject}", JsonNamingPolicy.CamelCase.ConvertName($"{line.Kind}"), new(line.SubjectName))],
            [new($"{call.Organization}", "organization", new(null))], line.Address is null ? null : new(line.Address),
            line.History.Means, line.RequestId, line.Job, line.History.Why, line.History.Changes),
        new(HistoryLabels.Of(line.History), "simple"), new(call.LinkOf($"/events/{line.Id}")));

    static string Name(string action) => ActionNames.Outside(action);

    /// <summary>A person, an identity provider's directory, or the platform itself: never nobody.</summary>
    static EventActor ActorOf(AuditLine line)
    {
        const string key = $"{Visitor.KeyMeans} ";
        var means = line.History.Means;
        return (line.Actor, means.Split(' ')) switch
        {
            ({ } person, _) => new($"{person}", "user", line.History.Actor, line.ActorEmail, means.StartsWith(key, StringComparison.Ordinal)
                ? new("api-token", means[key.Length..])
                : null),
            (_, [ProvisioningGrant.Means, var directory]) => new(directory, "directory", line.Provider ?? "Removed directory", null),
            _ => new("platform", "platform", "DirectoryPlatform", null),
        };
    }

    /// <summary>Null for all; what never happened matches nothing.</summary>
    static async Task<IReadOnlyList<string>?> Actions(ApiCall call) =>
        call.Asked.All("action")?.ToHashSet(StringComparer.OrdinalIgnoreCase) is { } asked
            ? await Named(call, a => asked.Contains(Name(a)) || asked.Contains(a))
            : null;

    static async Task<IReadOnlyList<string>> Named(ApiCall call, Func<string, bool> which) =>
        [.. (await call.Send(new ReadAuditActions(call.Organization))).Where(which)];

    static InvalidValue? FaultOf(ApiCall call) =>
        call.Asked.All("actor")?.All(IsSomebody) == false ? new("actor", "actor takes account IDs or full email addresses.") : null;

    static bool IsSomebody(string text) => Guid.TryParse(text, out _) || EmailAddress.Parse(text).Granted;

    /// <summary>How much of the log, and of which time.</summary>
    sealed record EventSpan(int Size, DateTimeOffset? From, DateTimeOffset? To)
    {
        public static Outcome<EventSpan> Of(ApiCall call)
        {
            var (from, to) = (ApiMoments.Of(call, "from"), ApiMoments.Of(call, "to"));
            return (from.Refusal ?? to.Refusal) is { } refusal ? refusal : new EventSpan(call.Size, from.Value.At, to.Value.At);
        }
    }

    sealed record Event(string Id, string Type, EventAttributes Attributes, EventMessage Message, SelfLink Links);

    /// <param name="Context">What it was done to.</param>
    /// <param name="Location">Left out when there was none or it was erased.</param>
    /// <param name="Means">"web", "key …", "job": beyond that API, as is all that follows.</param>
    sealed record EventAttributes(
        DateTime Time, string Action, EventActor Actor, IReadOnlyList<EventThing> Context, IReadOnlyList<EventThing> Container,
        EventLocation? Location,
        string Means, string? RequestId, Guid? JobId, string? Reason, IReadOnlyList<HistoryChange> Changes);

    /// <param name="Id">Of the account or the directory; "platform" for the platform itself.</param>
    /// <param name="Type">"user", "directory" or "platform": beyond that API.</param>
    /// <param name="Auth">The API key or token that did it in the person's name; left out for none.</param>
    sealed record EventActor(string Id, string Type, string? Name, string? Email, EventAuth? Auth = null);

    sealed record EventAuth(string AuthType, string? TokenId);

    sealed record EventThing(string Id, string Type, EventThingAttributes Attributes);

    sealed record EventThingAttributes(string? Name);

    sealed record EventLocation(string Ip);

    sealed record EventMessage(string Content, string Format);
}
