using DirectoryPlatform.Accounts;
using DirectoryPlatform.Directory;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;

namespace DirectoryPlatform.Web;

/// <summary>Files that are streamed, not shown.</summary>
static class Downloads
{
    public static void MapDownloads(this IEndpointRouteBuilder app)
    {
        app.MapGet("/o/{orgId:guid}/jobs/{jobId:guid}/results.csv", (Guid orgId, Guid jobId, HttpContext http, IMediator mediator) =>
            Csv(http, mediator, $"results-{jobId:N}.csv", output => new ExportJobResults(new OrganizationId(orgId), new JobId(jobId), output))).Requires(Permission.ViewJobs);
        app.MapGet("/o/{orgId:guid}/claims/{draftId:guid}/accounts.csv", (Guid orgId, Guid draftId, HttpContext http, IMediator mediator) =>
            Csv(http, mediator, $"claim-review-{draftId:N}.csv", output => new ExportClaimReview(new OrganizationId(orgId), new ClaimDraftId(draftId), output))).Requires(Permission.ClaimAccounts);
        app.MapGet("/o/{orgId:guid}/domains/{domainId:guid}/accounts.csv", (Guid orgId, Guid domainId, HttpContext http, IMediator mediator) =>
            Csv(http, mediator, $"domain-accounts-{domainId:N}.csv", output => new ExportDomainAccounts(new OrganizationId(orgId), new DomainId(domainId), output))).Requires(Permission.ManageDomains);
        app.MapGet("/o/{orgId:guid}/bulk/{draftId:guid}/accounts.csv", (Guid orgId, Guid draftId, HttpContext http, IMediator mediator) =>
            Csv(http, mediator, $"review-{draftId:N}.csv", output => new ExportBulkReview(new OrganizationId(orgId), new BulkDraftId(draftId), http.Visitor()!.Account, output))).Requires(Permission.ManageAccounts);
    }

    /// <summary>A refusal comes before the first byte, so the answer can still become the 404 page.</summary>
    static async Task Csv(HttpContext http, IMediator mediator, string fileName, Func<Stream, IRequest<Outcome<Done>>> export)
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        if ((await mediator.Send(export(http.Response.Body), http.RequestAborted)).Granted || http.Response.HasStarted) return;
        http.Response.Clear();
        http.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
