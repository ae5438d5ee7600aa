namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Files of accounts (SPEC M9, D13), beyond that API: a job writes the file, which can then be fetched for seven days.</summary>
static class ExportsApi
{
    const string All = $"{Orgs.V1}/exports", One = $"{All}/{{jobId:guid}}";

    public static void MapExports(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
        read.MapPost(All, Begin);
        read.MapGet(One, Read);
        read.MapGet($"{One}/file", (ApiCall call, Guid jobId) =>
            JobsApi.Csv(call, output => new DownloadExport(call.Organization, new(jobId), output)));
    }

    static async Task<ApiResult> Begin(ApiCall call)
    {
        var body = await call.Body<Body>(mayBeMissing: true);
        var begun = await body.Then(b => call.Execute(new BeginExport(call.Organization,
            new(new ManagedAccountFilter(b.SearchTerm, Domain: b.EmailDomain), b.DomainId is { } domain ? new DomainId(domain) : null),
            call.Origin)));
        return begun.Granted ? await JobsApi.Accepted(call, begun.Value) : begun.Refusal;
    }

    static async Task<ApiResult> Read(ApiCall call, Guid jobId) =>
        (await call.Send(new ReadExport(call.Organization, new(jobId)))).Shown(file => ApiResult.Of(new Resource($"{jobId}", "exports",
            new { file.FileName, file.Rows, expiresAt = file.ExpiresAt.UtcDateTime },
            new { file = call.Link($"{call.Http.Request.Path}/file") })));

    /// <param name="DomainId">For everybody on a domain; then nothing else narrows the file.</param>
    sealed record Body(string? SearchTerm, string? EmailDomain, Guid? DomainId);
}
