using DirectoryPlatform.Web.Pages.Audit;
using DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;
using DirectoryPlatform.Web.Pages.Users;

namespace DirectoryPlatform.Web;

/// <summary>Files that are streamed, not shown.</summary>
static class Downloads
{
    public static void MapDownloads(this IEndpointRouteBuilder app)
    {
        app.MapGet("/o/{orgId:guid}/jobs/{jobId:guid}/results.csv", (Guid orgId, Guid jobId, HttpContext http, IMediator mediator) =>
            Csv(http, mediator, $"results-{jobId:N}.csv",
                output => new ExportJobResults(new OrganizationId(orgId), new JobId(jobId), output)))
            .Requires(Permission.ViewJobs, fresh: true);
        app.MapGet("/o/{orgId:guid}/claims/{draftId:guid}/accounts.csv", (Guid orgId, Guid draftId, HttpContext http, IMediator mediator) =>
            Csv(http, mediator, $"claim-review-{draftId:N}.csv",
                output => new ExportBulkReview(new OrganizationId(orgId), new BulkDraftId(draftId), http.Visitor()!.Account, output)))
            .Requires(Permission.ClaimAccounts, fresh: true);
        app.MapGet("/o/{orgId:guid}/domains/{domainId:guid}/accounts.csv",
            (Guid orgId, Guid domainId, HttpContext http, IMediator mediator) =>
            Accounts(http, mediator, new(orgId), new(ManagedAccountFilter.Everybody, new DomainId(domainId)),
                $"/o/{orgId}/domains/{domainId}/export"))
            .Requires(Permission.ManageDomains, fresh: true);
        app.MapGet("/o/{orgId:guid}/bulk/{draftId:guid}/accounts.csv", (Guid orgId, Guid draftId, HttpContext http, IMediator mediator) =>
            Csv(http, mediator, $"review-{draftId:N}.csv",
                output => new ExportBulkReview(new OrganizationId(orgId), new BulkDraftId(draftId), http.Visitor()!.Account, output)))
            .Requires(Permission.ManageAccounts, fresh: true);
        app.MapGet("/o/{orgId:guid}/members/accounts.csv", (Guid orgId, HttpContext http, IMediator mediator) =>
        {
            var query = ListQuery.Of<ManagedAccountQuery>(http.Request.Query);
            return query.Fault is null
                ? Accounts(http, mediator, new(orgId), new(query.Filter), query.Elsewhere($"/o/{orgId}/members/export"))
                : Elsewhere(http, query.Elsewhere($"/o/{orgId}/members"));
        }).Requires(Permission.ViewManagedAccounts, fresh: true);
        app.MapGet("/o/{orgId:guid}/jobs/{jobId:guid}/accounts.csv", (Guid orgId, Guid jobId, HttpContext http, IMediator mediator) =>
            Exported(http, mediator, new(orgId), new(jobId))).Requires(Permission.ViewManagedAccounts, fresh: true);
        app.MapGet("/o/{orgId:guid}/audit-log/entries.csv", (Guid orgId, HttpContext http, IMediator mediator) =>
        {
            var query = ListQuery.Of<AuditQuery>(http.Request.Query);
            return query.Fault is null
                ? Csv(http, mediator, "audit-log.csv", output => new ExportAuditLog(new(orgId), query.Filter, http.Origin(), output))
                : Elsewhere(http, query.Elsewhere($"/o/{orgId}/audit-log"));
        }).Requires(Permission.ViewAuditLog, fresh: true);
        app.MapGet("/o/{orgId:guid}/audit-log/sealed.jsonl", (Guid orgId, HttpContext http, IMediator mediator) =>
            Stream(http, mediator, "application/jsonl", "audit-log.jsonl",
                output => new ExportSealedLog(new OrganizationId(orgId), http.Origin(), output)))
            .Requires(Permission.ViewAuditLog, fresh: true);
        app.MapGet("/s/{siteId:guid}/users/users.csv", (Guid siteId, HttpContext http, IMediator mediator) =>
        {
            var query = ListQuery.Of<UserQuery>(http.Request.Query);
            return query.Fault is null
                ? Accounts(http, mediator, http.Features.Get<SiteRoles>()!.Organization,
                    ExportScope.Of(new(siteId), query.Filter, http.Request.Query["groups"] == "columns"),
                    query.Elsewhere($"/s/{siteId}/users/export"))
                : Elsewhere(http, query.Elsewhere($"/s/{siteId}/users"));
        }).Requires(Permission.ManageSiteUsers, fresh: true);
        app.MapGet("/s/{siteId:guid}/users/jobs/{jobId:guid}/users.csv", (Guid siteId, Guid jobId, HttpContext http, IMediator mediator) =>
            OfSite(http, mediator, new(siteId), new(jobId),
                () => Exported(http, mediator, http.Features.Get<SiteRoles>()!.Organization, new(jobId))))
            .Requires(Permission.ManageSiteUsers, fresh: true);
        app.MapGet("/s/{siteId:guid}/users/changes/{draftId:guid}/review.csv",
            (Guid siteId, Guid draftId, HttpContext http, IMediator mediator) =>
            Csv(http, mediator, $"review-{draftId:N}.csv",
                output => new ExportBulkReview(http.Features.Get<SiteRoles>()!.Organization, new(draftId), http.Visitor()!.Account, output)
                { Site = new SiteId(siteId) }))
            .Requires(Permission.ManageSiteUsers, fresh: true);
        app.MapGet("/o/{orgId:guid}/users/changes/{draftId:guid}/review.csv",
            (Guid orgId, Guid draftId, HttpContext http, IMediator mediator) =>
            Csv(http, mediator, $"review-{draftId:N}.csv",
                output => new ExportBulkReview(new(orgId), new(draftId), http.Visitor()!.Account, output)))
            .Requires(Permission.ManageUsers, fresh: true);
        app.MapGet("/s/{siteId:guid}/users/jobs/{jobId:guid}/results.csv",
            (Guid siteId, Guid jobId, HttpContext http, IMediator mediator) =>
            OfSite(http, mediator, new(siteId), new(jobId),
                () => Csv(http, mediator, $"results-{jobId:N}.csv",
                    output => new ExportBulkResults(http.Features.Get<SiteRoles>()!.Organization, new(jobId), output))))
            .Requires(Permission.ManageSiteUsers, fresh: true);
    }

    /// <summary>Addresses of pages that have become one.</summary>
    public static void MapOldAddresses(this IEndpointRouteBuilder app)
    {
        app.MapGet("/o/{orgId:guid}/members/unclaim", (Guid orgId) => Results.LocalRedirect($"/o/{orgId}/members/bulk-list?for=unclaim"))
            .Requires(Permission.ManageAccounts);
        app.MapGet("/o/{orgId:guid}/domains/{domainId:guid}/unclaim", (Guid orgId, Guid domainId) =>
            Results.LocalRedirect($"/o/{orgId}/members/bulk-list?domain={domainId}")).Requires(Permission.ManageAccounts);
    }

    static async Task Exported(HttpContext http, IMediator mediator, OrganizationId organization, JobId job)
    {
        if (await mediator.Send(new ReadExport(organization, job), http.RequestAborted) is { Granted: true, Value: var file })
            await Csv(http, mediator, file.FileName, output => new DownloadExport(organization, job, output));
        else http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    /// <summary>A job that is about another site, or about the organization, answers as an unknown one.</summary>
    static async Task OfSite(HttpContext http, IMediator mediator, SiteId site, JobId job, Func<Task> answer)
    {
        if ((await mediator.Send(new ReadSiteJob(site, job), http.RequestAborted)).Granted) await answer();
        else http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    /// <summary>At once when the file is small enough; otherwise the page that offers a job for it.</summary>
    static async Task Accounts(HttpContext http, IMediator mediator, OrganizationId organization, ExportScope scope, string page)
    {
        var size = await mediator.Send(new MeasureExport(organization, scope), http.RequestAborted);
        if (size is { Granted: true, Value.IsDirect: false }) await Elsewhere(http, page);
        else await Csv(http, mediator, size.Granted ? size.Value.FileName : "accounts.csv",
            output => new StreamExport(organization, scope, http.Origin(), output));
    }

    static Task Elsewhere(HttpContext http, string path)
    {
        http.Response.Redirect(path);
        return Task.CompletedTask;
    }

    static Task Csv(HttpContext http, IMediator mediator, string fileName, Func<Stream, IRequest<Outcome<Done>>> export) =>
        Stream(http, mediator, "text/csv; charset=utf-8", fileName, export);

    /// <summary>A refusal comes before the first byte, so the answer can still become the 404 page.</summary>
    static async Task Stream(HttpContext http, IMediator mediator, string type, string fileName,
        Func<Stream, IRequest<Outcome<Done>>> export)
    {
        http.Response.ContentType = type;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        if ((await mediator.Send(export(http.Response.Body), http.RequestAborted)).Granted || http.Response.HasStarted) return;
        http.Response.Clear();
        http.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
