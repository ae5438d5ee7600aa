namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>
/// Claiming and unclaiming (SPEC C1 to C8), beyond that API: a preview with the job's own numbers, and the job. The typed name of large
/// claims is for people; a program has named the domain already.
/// </summary>
static class ClaimsApi
{
    const string Excluded = $"{OrganizationDomains.One}/exclusions";

    public static void MapClaims(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ClaimAccounts, ApiScope.DomainsRead);
        var manage = app.Requiring(Permission.ClaimAccounts, ApiScope.DomainsManage);
        foreach (var (verb, unclaim) in ((string, bool)[])[("claim", false), ("unclaim", true)])
        {
            manage.MapPost($"{OrganizationDomains.One}/{verb}", (ApiCall call, Guid domainId) => Begin(call, domainId, unclaim));
            read.MapPost($"{OrganizationDomains.One}/{verb}/preview", (ApiCall call, Guid domainId) => Preview(call, domainId, unclaim));
        }
        read.MapGet(Excluded, Exclusions);
        manage.MapPost(Excluded, Exclude);
        manage.MapDelete($"{Excluded}/{{accountId:guid}}", Readmit);
    }

    static async Task<ApiResult> Preview(ApiCall call, Guid domainId, bool unclaim)
    {
        var draft = await Draft(call, domainId, unclaim, mayBeMissing: true);
        var review = await draft.Then(d => call.Execute(new ReviewBulk(call.Organization, d.Draft, default)));
        return review.Shown(r => ApiResult.Of(new Resource($"{draft.Value.Draft}", "previews",
            new Numbers(r.WillChange, r.Refused, r.BadLineCount, r.BadLines))));
    }

    static async Task<ApiResult> Begin(ApiCall call, Guid domainId, bool unclaim)
    {
        var draft = await Draft(call, domainId, unclaim, mayBeMissing: false);
        if (!draft.Granted) return draft.Refusal;
        var (id, body, domain) = draft.Value;
        // Left unsaid, the domain's setting stays; a domain without one is claimed automatically, as the wizard proposes.
        if (!unclaim && (await call.Execute(new ChooseNewAccounts(call.Organization, id, body.Automatic ?? domain.AutomaticClaim ?? true)))
            .Refusal is { } refusal) return refusal;
        var job = await call.Execute(
            new ConfirmBulk(call.Organization, id, null, null, body.Notify ?? false, false, domain.Name, call.Origin));
        return job.Granted ? await JobsApi.Accepted(call, job.Value) : job.Refusal;
    }

    /// <param name="mayBeMissing">Not where something is done: a body that was lost on its way would mean everybody.</param>
    static async Task<Outcome<Prepared>> Draft(ApiCall call, Guid domainId, bool unclaim, bool mayBeMissing)
    {
        var body = await call.Body<Body>(mayBeMissing);
        if (!body.Granted) return body.Refusal;
        if (body.Value.Emails is { } given && (given.Count == 0 || given.Any(e => e is null)))
            return new InvalidValue("emails", "Name at least one address; leave the member out for all accounts on the domain.");
        var domain = await call.Execute(new ReadDomain(call.Organization, new(domainId)));
        if (!domain.Granted) return domain.Refusal;
        // Each is one address, or told with its number: what is read of a file parts "ann@acme.example, bob@acme.example" into two people.
        var list = body.Value.Emails is { } emails ? new AddressInput([]) { Entries = emails } : null;
        var draft = await call.Execute(new BeginClaim(call.Organization, new(domainId), list, call.Origin, unclaim));
        return draft.Map(d => new Prepared(d, body.Value, domain.Value));
    }

    static async Task<ApiResult> Exclusions(ApiCall call, Guid domainId) =>
        (await call.Send(new ReadExclusionList(call.Organization, new(domainId), call.Cursor, call.Size))).Shown(page => ApiResult.Of(
            page.Accounts.Rows.Select(a => new { accountId = a.Account.Value, a.Name, a.Email }), call.Links(page.Accounts),
            new { total = page.Total }));

    static async Task<ApiResult> Exclude(ApiCall call, Guid domainId)
    {
        var body = await call.Body<EmailBody>();
        return (await body.Then(b => call.Execute(
            new ExcludeByEmail(call.Organization, new(domainId), b.Email ?? "", call.Origin)))).Done();
    }

    static async Task<ApiResult> Readmit(ApiCall call, Guid domainId, Guid accountId)
    {
        var domain = await call.Send(new ReadDomain(call.Organization, new(domainId)));
        var readmitted = await domain.Then(_ => call.Execute(new ReadmitAccount(new(accountId), call.Organization, call.Origin)));
        // An account that exists and is not on the list is answered as none.
        return readmitted.Refusal is NotExcluded ? new NotFound("account") : readmitted.Done();
    }

    sealed record Prepared(BulkDraftId Draft, Body Body, DomainView Domain);

    /// <param name="Emails">Left out for all accounts on the domain.</param>
    /// <param name="Automatic">Whether new accounts are claimed at once from now on; null leaves it as it is.</param>
    [NamesWhom]
    sealed record Body(IReadOnlyList<string>? Emails, bool? Automatic, bool? Notify);

    sealed record EmailBody(string? Email);
    sealed record Numbers(long WillChange, IReadOnlyList<BulkRefusal> Refused, long BadLineCount, IReadOnlyList<BadLine> BadLines);
}
