namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Domains (SPEC D): to be seen as that API shows them, and beyond it to be added, verified, set and removed.</summary>
static class OrganizationDomains
{
    const string All = $"{Orgs.V1}/domains";
    public const string One = $"{All}/{{domainId:guid}}";

    public static void MapDomains(this IEndpointRouteBuilder app)
    {
        app.MapGet(All, List).Requires(Permission.ManageDomains, ApiScope.DomainsRead);
        app.MapGet(One, Read).Requires(Permission.ManageDomains, ApiScope.DomainsRead);
        app.MapPost(All, Add).Requires(Permission.ManageDomains, ApiScope.DomainsManage);
        app.MapPost($"{One}/verify", Verify).Requires(Permission.ManageDomains, ApiScope.DomainsManage);
        app.MapPut($"{One}/claim-setting", Choose).Requires(Permission.ClaimAccounts, ApiScope.DomainsManage);
        app.MapDelete(One, Remove).Requires(Permission.ManageDomains, ApiScope.DomainsManage);
    }

    static async Task List(HttpContext http, IMediator mediator) =>
        await OrganizationShape.Write(http, (await mediator.Send(new ReadDomains(http.Organization()), http.RequestAborted))
            .Select(d => Shape(http, d)), new PageLinks(OrganizationShape.Here(http), null, null));

    static async Task Read(HttpContext http, IMediator mediator, Guid domainId) =>
        await Answer(http, await mediator.Send(new ReadDomain(http.Organization(), new(domainId)), http.RequestAborted));

    static async Task Add(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.ReadLenient<NameBody>(http);
        var added = body.Granted
            ? await mediator.Send(new AddDomain(http.Organization(), body.Value.Name, http.Origin()), CancellationToken.None)
            : body.Refusal;
        if (added.Refusal is { } refusal and not (DomainAlreadyAdded or BadBody))
            await ApiEnvelope.Refuse(http, StatusCodes.Status400BadRequest, refusal);
        else if (!added.Granted) await OrganizationShape.Refuse(http, added.Refusal);
        else await Answer(http, await mediator.Send(new ReadDomain(http.Organization(), added.Value), CancellationToken.None),
            StatusCodes.Status201Created);
    }

    /// <summary>Granted means looked and recorded: the answer's state and check say what was seen (SPEC D7).</summary>
    static async Task Verify(HttpContext http, IMediator mediator, Guid domainId)
    {
        var body = await ApiBody.ReadLenient<MethodBody>(http, mayBeMissing: true);
        ProofMethod? method = body.Granted
            ? body.Value.Method switch { null or "dns" => ProofMethod.Dns, "http" or "https" => ProofMethod.Https, _ => null }
            : null;
        await (!body.Granted ? OrganizationShape.Refuse(http, body.Refusal)
            : method is not { } by ? OrganizationShape.Refuse(http, new InvalidValue("method", "Choose dns or https."))
            : Answer(http,
                await mediator.Send(new VerifyDomain(http.Organization(), new(domainId), by, http.Origin()), CancellationToken.None)));
    }

    static async Task Choose(HttpContext http, IMediator mediator, Guid domainId)
    {
        var body = await ApiBody.ReadLenient<AutomaticBody>(http);
        if (body is not { Granted: true, Value.Automatic: { } automatic })
        {
            await OrganizationShape.Refuse(http, body.Refusal ?? new InvalidValue("automatic", "Say true or false."));
            return;
        }
        var chosen = await mediator.Send(new ChooseDomainClaiming(new(domainId), http.Organization(), automatic, http.Origin()),
            CancellationToken.None);
        if (chosen.Granted)
            await Answer(http, await mediator.Send(new ReadDomain(http.Organization(), new(domainId)), CancellationToken.None));
        else await OrganizationShape.Refuse(http, chosen.Refusal);
    }

    /// <summary>A program says what it wants gone, not what it saw: the version is read here.</summary>
    static async Task Remove(HttpContext http, IMediator mediator, Guid domainId)
    {
        var domain = await mediator.Send(new ReadDomain(http.Organization(), new(domainId)), CancellationToken.None);
        var refusal = domain.Granted
            ? (await mediator.Send(new RemoveDomain(http.Organization(), new(domainId), domain.Value.Version, http.Origin()),
                CancellationToken.None)).Refusal
            : domain.Refusal;
        await (refusal is null ? ApiAnswer.Nothing(http) : OrganizationShape.Refuse(http, refusal));
    }

    static Task Answer(HttpContext http, Outcome<DomainView> domain, int status = StatusCodes.Status200OK) =>
        domain.Granted
            ? OrganizationShape.Write(http, Shape(http, domain.Value), status: status)
            : OrganizationShape.Refuse(http, domain.Refusal);

    static Resource Shape(HttpContext http, DomainView domain) => new($"{domain.Id}", "domains", new Attributes(
            domain.Name, new(domain.LastCheck?.Method is ProofMethod.Https ? "http" : "dns", domain.IsOwned ? "verified" : "unverified"),
            domain.State, domain.AutomaticClaim,
            domain.AddedAt.UtcDateTime, domain.VerifiedAt?.UtcDateTime, domain.Deadline?.UtcDateTime,
            new(new(domain.DnsName, "TXT", domain.DnsValue), new(domain.HttpsAddress, domain.Token)),
            domain.LastCheck is { } check ? new(check.Verdict, check.Explanation, check.At.UtcDateTime, check.Saw) : null),
        new SelfLink(OrganizationShape.Link(http, $"/admin/v1/orgs/{domain.Organization}/domains/{domain.Id}")));

    sealed record NameBody(string? Name);

    sealed record MethodBody(string? Method);

    sealed record AutomaticBody(bool? Automatic);

    /// <param name="Claim">What that API calls verification.</param>
    /// <param name="AutomaticClaim">Whether new accounts are claimed at once; left out before somebody has chosen.</param>
    sealed record Attributes(string Name, ClaimShown Claim, DomainState State, bool? AutomaticClaim, DateTime AddedAt, DateTime? VerifiedAt,
        DateTime? LostAt, Publish Publish, CheckShown? LastCheck);

    sealed record ClaimShown(string Type, string Status);

    /// <summary>What to publish so that the domain can be verified.</summary>
    sealed record Publish(DnsRecord Dns, WebPage Https);

    sealed record DnsRecord(string Name, string Type, string Value);

    sealed record WebPage(string Url, string Contains);

    sealed record CheckShown(string Verdict, string Explanation, DateTime At, IReadOnlyList<EvidenceLine> Saw);
}
