namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Files of accounts (SPEC M9, D13), beyond that API: a job writes the file, which can then be fetched for seven days.</summary>
static class ExportsApi
{
    const string All = $"{Orgs.V1}/exports", One = $"{All}/{{jobId:guid}}";

    public static void MapExports(this IEndpointRouteBuilder app)
    {
        app.MapPost(All, Begin).Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
        app.MapGet(One, Read).Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
        app.MapGet($"{One}/file", (HttpContext http, IMediator mediator, Guid jobId) =>
            JobsApi.Csv(http, mediator, output => new DownloadExport(http.Organization(), new(jobId), output)))
            .Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
    }

    static async Task Begin(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.ReadLenient<Body>(http, mayBeMissing: true);
        var begun = body.Granted
            ? await mediator
            .Send(new BeginExport(http.Organization(), new(new ManagedAccountFilter(body.Value.SearchTerm, Domain: body.Value.EmailDomain),
                body.Value.DomainId is { } domain ? new DomainId(domain) : null), http.Origin()), CancellationToken.None)
            : body.Refusal;
        if (begun.Granted) await JobsApi.Accepted(http, mediator, begun.Value);
        else await OrganizationShape.Refuse(http, begun.Refusal);
    }

    static async Task Read(HttpContext http, IMediator mediator, Guid jobId)
    {
        var file = await mediator.Send(new ReadExport(http.Organization(), new(jobId)), http.RequestAborted);
        if (file.Granted)
            await OrganizationShape.Write(http,
                new Resource($"{jobId}", "exports", new Attributes(file.Value.FileName, file.Value.Rows, file.Value.ExpiresAt.UtcDateTime),
                    new { file = OrganizationShape.Link(http, $"{http.Request.Path}/file") }));
        else await OrganizationShape.Refuse(http, file.Refusal);
    }

    /// <param name="DomainId">For everybody on a domain; then nothing else narrows the file.</param>
    sealed record Body(string? SearchTerm, string? EmailDomain, Guid? DomainId);

    sealed record Attributes(string FileName, long Rows, DateTime ExpiresAt);
}
