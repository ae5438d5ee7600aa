namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Domains (SPEC D): to be seen as that API shows them, and beyond it to be added, verified, set and removed.</summary>
static class OrganizationDomains
{
    const string All = $"{Orgs.V1}/domains";

    public const string One = $"{All}/{{domainId:guid}}";

    public static void MapDomains(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ManageDomains, ApiScope.DomainsRead);
        foreach (var all in (string[])[All, $"{Orgs.V2}/domains"])
        {
            read.MapGet(all, async (ApiCall call) =>
                call.PageOf(await call.Send(new ReadDomains(call.Organization)), d => $"{d.Id}")
                    .Shown(page => ApiResult.Of(page.Rows.Select(d => Shape(call, d)), call.Links(page))));
            read.MapGet($"{all}/{{domainId:guid}}", async (ApiCall call, Guid domainId) =>
                Answer(call, await call.Send(new ReadDomain(call.Organization, new(domainId)))));
        }
        var manage = app.Requiring(Permission.ManageDomains, ApiScope.DomainsManage);
        manage.MapPost(All, Add);
        manage.MapPost($"{One}/verify", Verify);
        manage.MapDelete(One, Remove);
        app.MapPut($"{One}/claim-setting", Choose).Requires(Permission.ClaimAccounts, ApiScope.DomainsManage);
    }

    static async Task<ApiResult> Add(ApiCall call)
    {
        var body = await call.Body<NameBody>();
        if (!body.Granted) return body.Refusal;
        var added = await call.Execute(new AddDomain(call.Organization, body.Value.Name, call.Origin));
        if (added.Granted)
            return Answer(call, await call.Execute(new ReadDomain(call.Organization, added.Value)), StatusCodes.Status201Created);
        return added.Refusal is DomainAlreadyAdded
            ? added.Refusal
            : new ApiResult(http => ApiEnvelope.Refuse(http, StatusCodes.Status400BadRequest, added.Refusal));
    }

    /// <summary>Granted means looked and recorded: the answer's state and check say what was seen (SPEC D7).</summary>
    static async Task<ApiResult> Verify(ApiCall call, Guid domainId)
    {
        var body = await call.Body<MethodBody>(mayBeMissing: true);
        if (!body.Granted) return body.Refusal;
        ProofMethod? method = body.Value.Method switch
        {
            null or "dns" => ProofMethod.Dns,
            "http" or "https" => ProofMethod.Https,
            _ => null,
        };
        if (method is not { } by) return new InvalidValue("method", "Choose dns or https.");
        return Answer(call, await call.Execute(new VerifyDomain(call.Organization, new(domainId), by, call.Origin)));
    }

    static async Task<ApiResult> Choose(ApiCall call, Guid domainId)
    {
        var body = await call.Body<AutomaticBody>();
        if (body is not { Granted: true, Value.Automatic: { } automatic })
            return body.Refusal ?? new InvalidValue("automatic", "Enter true or false.");
        var chosen = await call.Execute(new ChooseDomainClaiming(new(domainId), call.Organization, automatic, call.Origin));
        return Answer(call, await chosen.Then(_ => call.Execute(new ReadDomain(call.Organization, new(domainId)))));
    }

    /// <summary>A program says what it wants gone, not what it saw: the version is read here.</summary>
    static async Task<ApiResult> Remove(ApiCall call, Guid domainId)
    {
        var domain = await call.Execute(new ReadDomain(call.Organization, new(domainId)));
        return (await domain.Then(d => call.Execute(new RemoveDomain(call.Organization, d.Id, d.Version, call.Origin)))).Done();
    }

    static ApiResult Answer(ApiCall call, Outcome<DomainView> domain, int status = StatusCodes.Status200OK) =>
        domain.Shown(d => ApiResult.Of(Shape(call, d), status: status));

    static Resource Shape(ApiCall call, DomainView domain) => new($"{domain.Id}", "domains", new Attributes(
            domain.Name, new(domain.LastCheck?.Method is ProofMethod.Https ? "http" : "dns", domain.IsOwned ? "verified" : "unverified"),
            domain.State, domain.AutomaticClaim,
            domain.AddedAt.UtcDateTime, domain.VerifiedAt?.UtcDateTime, domain.Deadline?.UtcDateTime,
            new(new(domain.DnsName, "TXT", domain.DnsValue), new(domain.HttpsAddress, domain.Token)),
            domain.LastCheck is { } check ? new(check.Verdict, check.Explanation, check.At.UtcDateTime, check.Saw) : null),
        new SelfLink(call.LinkOf($"/domains/{domain.Id}")));

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
