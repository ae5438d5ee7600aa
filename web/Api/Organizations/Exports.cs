namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Files of accounts (SPEC M9, D13), beyond that API: a job writes the file, which can then be fetched for seven days. Those of
/// users are begun by pages alone, and fetched by nobody else.</summary>
static class ExportsApi
{
    const string All = $"{Orgs.V1}/exports", One = $"{All}/{{jobId:guid}}";

    public static void MapExports(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
        read.MapPost(All, Begin);
        read.MapGet(One, Read);
        read.MapGet($"{One}/file", (ApiCall call, Guid jobId) =>
            JobsApi.Csv(call, output => new DownloadExport(call.Organization, new(jobId), output, OfAccounts: true)));
    }

    static async Task<ApiResult> Begin(ApiCall call)
    {
        var body = await call.Body<Body>(mayBeMissing: true);
        if (!body.Granted) return body.Refusal;
        var meant = Meant(body.Value);
        var begun = await meant.Then(m => call.Execute(new BeginExport(call.Organization, m, call.Origin)));
        return begun.Granted ? await JobsApi.Accepted(call, begun.Value) : begun.Refusal;
    }

    /// <summary>What narrows nothing is refused: a file of everybody is asked for by leaving it out.</summary>
    static Outcome<ExportScope> Meant(Body body)
    {
        if (body.DomainId is not null && (body.SearchTerm ?? body.EmailDomain) is not null)
            return new InvalidValue("domainId", "With domainId the file is of the whole domain. Leave searchTerm and emailDomain out.");
        if (body.SearchTerm is { } term && SearchKey.Typed(term) is null)
            return new InvalidValue("searchTerm", "searchTerm has no letter or digit to search for.");
        string? on = null;
        if (body.EmailDomain is { } typed)
        {
            var name = DomainName.Parse(typed);
            if (!name.Granted) return new InvalidValue("emailDomain", $"emailDomain: {name.Refusal.Sentence}");
            on = name.Value.Value;
        }
        return new ExportScope(new ManagedAccountFilter(body.SearchTerm, Domain: on),
            body.DomainId is { } domain ? new DomainId(domain) : null);
    }

    static async Task<ApiResult> Read(ApiCall call, Guid jobId) =>
        (await call.Send(new ReadExport(call.Organization, new(jobId), OfAccounts: true))).Shown(file => ApiResult.Of(
            new Resource($"{jobId}", "exports", new { file.FileName, file.Rows, expiresAt = file.ExpiresAt.UtcDateTime },
                new { file = call.Link($"{call.Http.Request.Path}/file") })));

    /// <param name="DomainId">For everybody on a domain; then nothing else narrows the file.</param>
    [NamesWhom]
    sealed record Body(string? SearchTerm, string? EmailDomain, Guid? DomainId);
}
