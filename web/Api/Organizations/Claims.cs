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
            manage.MapPost($"{OrganizationDomains.One}/{verb}",
                (ApiCall call, Guid domainId) => unclaim ? Release(call, domainId) : Begin(call, domainId));
            read.MapPost($"{OrganizationDomains.One}/{verb}/preview", (ApiCall call, Guid domainId) => Preview(call, domainId, unclaim));
        }
        read.MapGet(Excluded, Exclusions);
        manage.MapPost(Excluded, Exclude);
        manage.MapDelete($"{Excluded}/{{accountId:guid}}", Readmit);
    }

    static async Task<ApiResult> Preview(ApiCall call, Guid domainId, bool unclaim)
    {
        var draft = unclaim ? await Draft(call, domainId, await call.Body<UnclaimBody>(mayBeMissing: true), unclaim)
            : await Draft(call, domainId, await call.Body<ClaimBody>(mayBeMissing: true), unclaim);
        var review = await draft.Then(d => call.Execute(new ReviewBulk(call.Organization, d.Draft, call.Admin) { Once = true }));
        return review.Shown(r => ApiResult.Of(new Resource($"{draft.Value.Draft}", "previews",
            new Numbers(r.WillChange, r.Refused, r.BadLineCount, r.BadLines))));
    }

    // A deed needs its body: one that was lost on its way would mean everybody.
    static async Task<ApiResult> Begin(ApiCall call, Guid domainId)
    {
        var body = await call.Body<ClaimBody>();
        var draft = await Draft(call, domainId, body, unclaim: false);
        if (!draft.Granted) return draft.Refusal;
        // Left unsaid, the domain's setting stays; without one, only who claims everybody claims automatically from now on (BeginClaim).
        if (body.Value.Automatic is { } automatic
            && (await call.Execute(new ChooseNewAccounts(call.Organization, draft.Value.Draft, automatic))).Refusal is { } refusal)
            return refusal;
        return await Confirm(call, draft.Value, body.Value.Notify);
    }

    static async Task<ApiResult> Release(ApiCall call, Guid domainId)
    {
        var body = await call.Body<UnclaimBody>();
        var draft = await Draft(call, domainId, body, unclaim: true);
        return draft.Granted ? await Confirm(call, draft.Value, body.Value.Notify) : draft.Refusal;
    }

    static async Task<ApiResult> Confirm(ApiCall call, Prepared prepared, bool? notify)
    {
        var job = await call.Execute(
            new ConfirmBulk(call.Organization, prepared.Draft, null, null, notify ?? false, false, prepared.Domain.Name, call.Origin));
        return job.Granted ? await JobsApi.Accepted(call, job.Value) : job.Refusal;
    }

    static async Task<Outcome<Prepared>> Draft<T>(ApiCall call, Guid domainId, Outcome<T> body, bool unclaim) where T : class, IWhom
    {
        if (!body.Granted) return body.Refusal;
        if (body.Value.Emails is { } given && (given.Count == 0 || given.Any(e => e is null)))
            return new InvalidValue("emails", "Name at least one address; leave the member out for all accounts on the domain.");
        var domain = await call.Execute(new ReadDomain(call.Organization, new(domainId)));
        if (!domain.Granted) return domain.Refusal;
        // Each is one address, or told with its number: what is read of a file parts "ann@acme.example, bob@acme.example" into two people.
        var list = body.Value.Emails is { } emails ? new AddressInput([]) { Entries = emails } : null;
        var draft = await call.Execute(new BeginClaim(call.Organization, new(domainId), list, call.Origin, unclaim));
        return draft.Map(d => new Prepared(d, domain.Value));
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

    sealed record Prepared(BulkDraftId Draft, DomainView Domain);

    interface IWhom
    {
        /// <summary>Left out for all accounts on the domain.</summary>
        IReadOnlyList<string>? Emails { get; }
    }

    /// <param name="Automatic">Whether new accounts are claimed at once from now on; null leaves it as it is.</param>
    [NamesWhom]
    sealed record ClaimBody(IReadOnlyList<string>? Emails, bool? Automatic, bool? Notify) : IWhom;

    /// <summary>Says nothing of new accounts: unclaiming leaves the domain's setting alone.</summary>
    [NamesWhom]
    sealed record UnclaimBody(IReadOnlyList<string>? Emails, bool? Notify) : IWhom;

    sealed record EmailBody(string? Email);
    sealed record Numbers(long WillChange, IReadOnlyList<BulkRefusal> Refused, long BadLineCount, IReadOnlyList<BadLine> BadLines);
}
