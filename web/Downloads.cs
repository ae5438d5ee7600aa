using DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;
using DirectoryPlatform.Web.Pages.Directory.Users;
using DirectoryPlatform.Web.Pages.Security.Audit;
using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web;

/// <summary>The addresses of files that are streamed, not shown.</summary>
static class Downloads
{
    const string Organization = "/o/{orgId:guid}", Site = "/s/{siteId:guid}";

    public static void MapDownloads(this IEndpointRouteBuilder app)
    {
        Map($"{Organization}/jobs/{{jobId:guid}}/results.csv", Permission.ViewJobs, (StreamedFile file, Guid jobId) =>
            file.Csv($"results-{jobId:N}.csv", output => new ExportJobResults(file.Organization, new(jobId), output)));
        Map($"{Organization}/jobs/{{jobId:guid}}/accounts.csv", Permission.ViewManagedAccounts, (StreamedFile file, Guid jobId) =>
            file.Exported(new(jobId)));
        Map($"{Site}/users/jobs/{{jobId:guid}}/results.csv", Permission.ManageSiteUsers, (StreamedFile file, Guid jobId) =>
            file.OfSite(new(jobId), () => file.Csv($"results-{jobId:N}.csv",
                output => new ExportBulkResults(file.Organization, new(jobId), output))));
        Map($"{Site}/users/jobs/{{jobId:guid}}/users.csv", Permission.ManageSiteUsers, (StreamedFile file, Guid jobId) =>
            file.OfSite(new(jobId), () => file.Exported(new(jobId))));

        Map($"{Organization}/claims/{{draftId:guid}}/accounts.csv", Permission.ClaimAccounts, (StreamedFile file, Guid draftId) =>
            file.Review("claim-review", ManyAccounts.ClaimFamily, new(draftId)));
        Map($"{Organization}/bulk/{{draftId:guid}}/accounts.csv", Permission.ManageAccounts, (StreamedFile file, Guid draftId) =>
            file.Review("review", ManyAccounts.Family, new(draftId)));
        Map($"{Organization}/users/changes/{{draftId:guid}}/review.csv", Permission.ManageUsers, (StreamedFile file, Guid draftId) =>
            file.Review("review", UserActions.Family, new(draftId)));
        Map($"{Site}/users/changes/{{draftId:guid}}/review.csv", Permission.ManageSiteUsers, (StreamedFile file, Guid draftId) =>
            file.Review("review", UserActions.Family, new(draftId)));

        Map($"{Organization}/domains/{{domainId:guid}}/accounts.csv", Permission.ManageDomains, (StreamedFile file, Guid domainId) =>
            file.OfList<PageQuery>($"{file.Home}/domains", _ =>
                file.People(new(ManagedAccountFilter.Everybody, new DomainId(domainId)), $"{file.Home}/domains/{domainId}/export")));
        Map($"{Organization}/members/accounts.csv", Permission.ViewManagedAccounts, (StreamedFile file) =>
            file.OfList<ManagedAccountQuery>($"{file.Home}/members", query =>
                file.Accounts(query, lastUse: file.Http.Request.Query["lastuse"] == "yes"), "lastuse"));
        Map($"{Organization}/users/users.csv", Permission.ManageUsers, (StreamedFile file) => file.Users());
        Map($"{Site}/users/users.csv", Permission.ManageSiteUsers, (StreamedFile file) => file.Users());

        Map($"{Organization}/audit-log/entries.csv", Permission.ViewAuditLog, (StreamedFile file, TimeProvider clock) =>
            file.OfList<AuditQuery>($"{file.Home}/audit-log", query => file.Csv("audit-log.csv",
                output => new ExportAuditLog(file.Organization, query.Filter(clock.GetUtcNow()), file.Http.Origin(), output))));
        Map($"{Organization}/audit-log/sealed.jsonl", Permission.ViewAuditLog, (StreamedFile file) =>
            file.Stream("application/jsonl", "audit-log.jsonl",
                output => new ExportSealedLog(file.Organization, file.Http.Origin(), output)));

        void Map(string path, Permission permission, Delegate download) => app.MapGet(path, download).Requires(permission, fresh: true);
    }

    /// <summary>Addresses of pages that have become one.</summary>
    public static void MapOldAddresses(this IEndpointRouteBuilder app)
    {
        app.MapGet("/o/{orgId:guid}/members/overview", (Guid orgId) => Results.LocalRedirect($"/o/{orgId}"))
            .Requires(Permission.ManageAccounts);
        app.MapGet("/o/{orgId:guid}/members/unclaim", (Guid orgId) => Results.LocalRedirect($"/o/{orgId}/members/bulk-list?for=unclaim"))
            .Requires(Permission.ManageAccounts);
        app.MapGet("/o/{orgId:guid}/domains/{domainId:guid}/unclaim", (Guid orgId, Guid domainId) =>
            Results.LocalRedirect($"/o/{orgId}/members/bulk-list?domain={domainId}")).Requires(Permission.ManageAccounts);
    }
}

/// <summary>One file that is asked for, of an organization or of one of its sites.</summary>
sealed class StreamedFile(HttpContext http, IMediator mediator)
{
    public static ValueTask<StreamedFile?> BindAsync(HttpContext http) =>
        ValueTask.FromResult<StreamedFile?>(new(http, http.RequestServices.GetRequiredService<IMediator>()));

    public HttpContext Http => http;
    SiteRoles? Roles => http.Features.Get<SiteRoles>();
    public SiteId? Site => Roles is null ? null : new SiteId(Id(RouteKeys.Site));
    public OrganizationId Organization => Roles?.Organization ?? new(Id(RouteKeys.Organization));
    public string Home => Site is { } site ? $"/s/{site}" : $"/o/{Organization}";

    Guid Id(string key) => Guid.Parse((string)http.GetRouteValue(key)!);

    public Task Review(string name, string family, BulkDraftId draft) => Csv($"{name}-{draft.Value:N}.csv",
        output => new ExportBulkReview(Organization, draft, http.Visitor()!.Account, output) { Site = Site, Family = family });

    public async Task Exported(JobId job)
    {
        if (await mediator.Send(new ReadExport(Organization, job), http.RequestAborted) is { Granted: true, Value: var file })
            await Csv(file.FileName, output => new DownloadExport(Organization, job, output));
        else http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    /// <summary>A job that is about another site, or about the organization, answers as an unknown one.</summary>
    public async Task OfSite(JobId job, Func<Task> answer)
    {
        if ((await mediator.Send(new ReadSiteJob(Site!.Value, job), http.RequestAborted)).Granted) await answer();
        else http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    /// <summary>A list's file; the list itself, which says why, where a filter is at fault, not understood or unknown.</summary>
    /// <param name="besides">What the file's address says besides the list's.</param>
    public Task OfList<T>(string list, Func<T, Task> answer, params IReadOnlyList<string> besides) where T : ListQuery, new()
    {
        var query = ListQuery.Of<T>(http.Request.Query);
        if (query.IsApplied && query.Knows(http.Request.Query, besides)) return answer(query);
        var kept = http.RequestServices.GetRequiredService<ITempDataDictionaryFactory>().GetTempData(http);
        Notice.Leave(kept, new FilterNotApplied().Sentence, null, refused: true);
        // Pages do so by themselves.
        kept.Save();
        http.Response.Redirect(query.Elsewhere(list));
        return Task.CompletedTask;
    }

    public Task Accounts(ManagedAccountQuery query, bool lastUse) => People(new(query.Filter) { LastUse = lastUse },
        With(query.Elsewhere($"{Home}/members/export"), lastUse ? ("lastuse", "yes") : null));

    /// <summary>Of the site that the address is of, or, under an organization's, of the one that is chosen or of all.</summary>
    public Task Users()
    {
        var (site, columns) = (Site ?? UserQuery.SiteOf(http.Request.Query["site"]), http.Request.Query["groups"] == "columns");
        // The page of the site whose file it is: the organization's measures its own rows, and would lead back here.
        var page = site is { } one ? $"/s/{one}/users/export" : $"{Home}/users/export";
        return OfList<UserQuery>($"{Home}/users", query => People(ExportScope.Of(site, query.Filter, columns),
            With(query.Elsewhere(page), columns ? ("groups", "columns") : null)), "site", "groups");
    }

    /// <summary>What was chosen for the file goes along to the page that offers a job for it.</summary>
    static string With(string page, (string Name, string Value)? chosen) =>
        chosen is { } one ? QueryHelpers.AddQueryString(page, one.Name, one.Value) : page;

    /// <summary>At once when the file is small enough; otherwise the page that offers a job for it.</summary>
    public async Task People(ExportScope scope, string page)
    {
        var size = await mediator.Send(new MeasureExport(Organization, scope), http.RequestAborted);
        if (size is { Granted: true, Value.IsDirect: false }) http.Response.Redirect(page);
        else await Csv(size.Granted ? size.Value.FileName : "accounts.csv",
            output => new StreamExport(Organization, scope, http.Origin(), output));
    }

    public Task Csv(string fileName, Func<Stream, IRequest<Outcome<Done>>> export) =>
        Stream("text/csv; charset=utf-8", fileName, export);

    /// <summary>A refusal comes before the first byte, so the answer can still become the 404 page.</summary>
    public async Task Stream(string type, string fileName, Func<Stream, IRequest<Outcome<Done>>> export)
    {
        http.Response.ContentType = type;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        var sent = await SentFile.Send(http, Organization, mediator, export);
        if (sent.Granted || http.Response.HasStarted) return;
        http.Response.Clear();
        if (!Later.Say(http.Response, sent.Refusal)) http.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
