using System.Text;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>
/// Claiming and unclaiming (SPEC C1 to C8), beyond that API: a preview with the job's own numbers, and the job. The typed name of large
/// claims is for people; a program has named the domain already.
/// </summary>
static class ClaimsApi
{
    public static void MapClaims(this IEndpointRouteBuilder app)
    {
        foreach (var (verb, unclaim) in ((string, bool)[])[("claim", false), ("unclaim", true)])
        {
            app.MapPost($"{OrganizationDomains.One}/{verb}", (HttpContext http, IMediator mediator, Guid domainId) =>
                Begin(http, mediator, domainId, unclaim)).Requires(Permission.ClaimAccounts, ApiScope.DomainsManage);
            app.MapPost($"{OrganizationDomains.One}/{verb}/preview", (HttpContext http, IMediator mediator, Guid domainId) =>
                Preview(http, mediator, domainId, unclaim)).Requires(Permission.ClaimAccounts, ApiScope.DomainsRead);
        }
        app.MapGet($"{OrganizationDomains.One}/exclusions", Exclusions).Requires(Permission.ClaimAccounts, ApiScope.DomainsRead);
        app.MapPost($"{OrganizationDomains.One}/exclusions", Exclude).Requires(Permission.ClaimAccounts, ApiScope.DomainsManage);
        app.MapDelete($"{OrganizationDomains.One}/exclusions/{{accountId:guid}}", Readmit)
            .Requires(Permission.ClaimAccounts, ApiScope.DomainsManage);
    }

    static async Task Preview(HttpContext http, IMediator mediator, Guid domainId, bool unclaim)
    {
        var draft = await Draft(http, mediator, domainId, unclaim);
        var review = draft.Granted
            ? await mediator.Send(new ReviewBulk(http.Organization(), draft.Value.Draft, default), CancellationToken.None)
            : draft.Refusal;
        if (review.Granted)
            await OrganizationShape.Write(http,
                new Resource($"{draft.Value.Draft}", "previews",
                    new Numbers(review.Value.WillChange, review.Value.Refused, review.Value.BadLineCount, review.Value.BadLines)));
        else await OrganizationShape.Refuse(http, review.Refusal);
    }

    static async Task Begin(HttpContext http, IMediator mediator, Guid domainId, bool unclaim)
    {
        var draft = await Draft(http, mediator, domainId, unclaim);
        var (organization, refusal) = (http.Organization(), draft.Refusal);
        if (draft is { Granted: true, Value: { Draft: var id, Body: var body, Domain: var domain } })
        {
            // Left unsaid, the domain's setting stays; a domain without one is claimed automatically, as the wizard proposes.
            if (!unclaim)
                refusal = (await mediator.Send(new ChooseNewAccounts(organization, id, body.Automatic ?? domain.AutomaticClaim ?? true),
                    CancellationToken.None)).Refusal;
            var job = refusal is null
                ? await mediator.Send(new ConfirmBulk(organization, id, null, null, body.Notify ?? false, false, domain.Name,
                    http.Origin()),
                    CancellationToken.None)
                : refusal;
            if (job.Granted)
            {
                await JobsApi.Accepted(http, mediator, job.Value);
                return;
            }
            refusal = job.Refusal;
        }
        await OrganizationShape.Refuse(http, refusal!);
    }

    static async Task<Outcome<Prepared>> Draft(HttpContext http, IMediator mediator, Guid domainId, bool unclaim)
    {
        var body = await ApiBody.ReadLenient<Body>(http, mayBeMissing: true);
        if (!body.Granted) return body.Refusal;
        var domain = await mediator.Send(new ReadDomain(http.Organization(), new(domainId)), CancellationToken.None);
        if (!domain.Granted) return domain.Refusal;
        if (body.Value.Emails is { } given
            && (given.Count == 0
                || given.Any(e => e is null || e.Contains('\n', StringComparison.Ordinal) || e.Contains('\r', StringComparison.Ordinal))))
            return new InvalidValue("emails", "Name at least one address; leave the member out for all accounts on the domain.");
        // The file's own reading: one address a line, each bad one told with its number.
        await using var lines = body.Value.Emails is { } emails
            ? new MemoryStream(Encoding.UTF8.GetBytes($"email\n{string.Join('\n', emails)}"))
            : null;
        var draft = await mediator.Send(new BeginClaim(http.Organization(), new(domainId), lines is null ? null : AddressInput.Of(lines),
            http.Origin(),
            unclaim),
            CancellationToken.None);
        return draft.Granted ? new Prepared(draft.Value, body.Value, domain.Value) : draft.Refusal;
    }

    static async Task Exclusions(HttpContext http, IMediator mediator, Guid domainId)
    {
        var page = await mediator.Send(new ReadExclusionList(http.Organization(), new(domainId), OrganizationShape.Text(http, "cursor")),
            http.RequestAborted);
        if (page.Granted)
            await OrganizationShape.Write(http, page.Value.Accounts.Rows.Select(a => new Excluded(a.Account.Value, a.Name, a.Email)),
                OrganizationShape.Links(http, page.Value.Accounts),
                new { total = page.Value.Total });
        else await OrganizationShape.Refuse(http, page.Refusal);
    }

    static async Task Exclude(HttpContext http, IMediator mediator, Guid domainId)
    {
        var body = await ApiBody.ReadLenient<EmailBody>(http);
        var refusal = body.Granted
            ? (await mediator.Send(new ExcludeByEmail(http.Organization(), new(domainId), body.Value.Email ?? "", http.Origin()),
                CancellationToken.None)).Refusal
            : body.Refusal;
        await (refusal is null ? ApiAnswer.Nothing(http) : OrganizationShape.Refuse(http, refusal));
    }

    static async Task Readmit(HttpContext http, IMediator mediator, Guid domainId, Guid accountId)
    {
        var domain = await mediator.Send(new ReadDomain(http.Organization(), new(domainId)), http.RequestAborted);
        var refusal = domain.Granted
            ? (await mediator.Send(new ReadmitAccount(new(accountId), http.Organization(), http.Origin()), CancellationToken.None)).Refusal
            : domain.Refusal;
        // An account that exists and is not on the list is answered as none.
        await (refusal is null
            ? ApiAnswer.Nothing(http)
            : OrganizationShape.Refuse(http, refusal is NotExcluded ? new NotFound("account") : refusal));
    }

    sealed record Prepared(BulkDraftId Draft, Body Body, DomainView Domain);

    /// <param name="Emails">Null for all accounts on the domain.</param>
    /// <param name="Automatic">Whether new accounts are claimed at once from now on; null leaves it as it is.</param>
    sealed record Body(IReadOnlyList<string>? Emails, bool? Automatic, bool? Notify);

    sealed record EmailBody(string? Email);

    sealed record Numbers(long WillChange, IReadOnlyList<BulkRefusal> Refused, long BadLineCount, IReadOnlyList<BadLine> BadLines);

    sealed record Excluded(Guid AccountId, string Name, string Email);
}
