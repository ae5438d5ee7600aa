namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Background work (SPEC C2, C9), beyond that API: its progress, its results, its end.</summary>
static class JobsApi
{
    const string All = $"{Orgs.V1}/jobs", One = $"{All}/{{jobId:guid}}";

    public static void MapJobs(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ViewJobs, ApiScope.JobsRead);
        read.MapGet(All, List);
        read.MapGet(One, async (ApiCall call, Guid jobId) =>
            Answer(call, await call.Send(new ReadJob(call.Organization.Value, new(jobId)))));
        read.MapGet($"{One}/results", (ApiCall call, Guid jobId) =>
            Csv(call, output => new ExportJobResults(call.Organization, new(jobId), output)));
        var manage = app.Requiring(Permission.ViewJobs, ApiScope.JobsManage);
        manage.MapPost($"{One}/cancel", (ApiCall call, Guid jobId) =>
            Do(call, new(jobId), new CancelJob(call.Organization.Value, new(jobId), call.Origin)));
        manage.MapPost($"{One}/resume", Resume);
    }

    static async Task<ApiResult> List(ApiCall call)
    {
        var page = await call.Send(new ListJobs(call.Organization.Value, call.Cursor, call.Size));
        return page.Shown(p => ApiResult.Of(p.Rows.Select(j => Shape(call, j)), call.Links(p)));
    }

    /// <summary>202 with the job that was begun, and where to ask for it.</summary>
    public static async Task<ApiResult> Accepted(ApiCall call, JobId id)
    {
        call.Http.Response.Headers.Location = call.LinkOf($"/jobs/{id}");
        return Answer(call, await Read(call, id), StatusCodes.Status202Accepted);
    }

    /// <summary>Streamed; a refusal comes before the first byte.</summary>
    public static async Task Csv(ApiCall call, Func<Stream, IRequest<Outcome<Done>>> export)
    {
        var response = call.Http.Response;
        response.ContentType = "text/csv; charset=utf-8";
        var written = await SentFile.Send(call.Http, call.Organization, call.Mediator, export);
        if (written.Granted || response.HasStarted) return;
        response.Headers.ContentType = default;
        await OrganizationShape.Refuse(call.Http, written.Refusal);
    }

    static async Task<ApiResult> Do(ApiCall call, JobId job, IRequest<Outcome<Done>> command) =>
        Answer(call, await (await call.Execute(command)).Then(_ => Read(call, job)));

    /// <summary>What is left is done as if it were begun now: the key has to be one that may begin it.</summary>
    static async Task<ApiResult> Resume(ApiCall call, Guid jobId)
    {
        var job = await Read(call, new(jobId));
        if (!job.Granted) return job.Refusal;
        var needed = await ScopeOf(call, job.Value);
        return call.Http.Visitor()!.Key!.Scopes.Cover(needed)
            ? await Do(call, new(jobId), new ResumeJob(call.Organization.Value, new(jobId), call.Origin))
            : new ScopeMissing(needed);
    }

    /// <summary>With which a program begins such a job; what pages alone begin counts as what it changes.</summary>
    static async Task<ApiScope> ScopeOf(ApiCall call, JobView job)
    {
        var list = await call.Send(new ReadJobList(call.Organization, job.Id));
        return (list.Granted ? list.Value.Action : job.Kind) switch
        {
            ManyAccounts.Claim or ManyAccounts.Unclaim or ManyAccounts.Reclaim => ApiScope.DomainsManage,
            ManyAccounts.MoveToPolicy => ApiScope.PoliciesManage,
            UserActions.Invite or UserActions.Suspend or UserActions.Restore or UserActions.Remove
                or UserJobs.Invitations or UserJobs.Changes => ApiScope.UsersManage,
            "export" => ApiScope.AccountsRead,
            _ => ApiScope.AccountsManage,
        };
    }

    static Task<Outcome<JobView>> Read(ApiCall call, JobId job) => call.Execute(new ReadJob(call.Organization.Value, job));

    static ApiResult Answer(ApiCall call, Outcome<JobView> job, int status = StatusCodes.Status200OK) =>
        job.Shown(j => ApiResult.Of(Shape(call, j), status: status));

    static Resource Shape(ApiCall call, JobView job)
    {
        var self = call.LinkOf($"/jobs/{job.Id}");
        return new($"{job.Id}", "jobs", new Attributes(
            job.Kind, job.Title, job.State, job.AskedAt.UtcDateTime, job.StartedAt?.UtcDateTime, job.EndedAt?.UtcDateTime, job.Total,
            job.Done, Math.Round(job.Percent, 1), job.Counts, job.PerSecond, job.TimeLeft?.TotalSeconds, job.Failure),
            new { self, results = $"{self}/results" });
    }

    /// <param name="Counts">Items by outcome code.</param>
    /// <param name="SecondsLeft">At the present rate; left out when it cannot be told.</param>
    sealed record Attributes(
        string Kind, string Title, JobState State, DateTime AskedAt, DateTime? StartedAt, DateTime? EndedAt, long Total, long Done,
        double Percent, IReadOnlyDictionary<string, long> Counts, double? PerSecond, double? SecondsLeft,
        string? Failure);
}
