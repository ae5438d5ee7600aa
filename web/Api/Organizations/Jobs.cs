namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Background work (SPEC C2, C9), beyond that API: its progress, its results, its end.</summary>
static class JobsApi
{
    const string All = $"{Orgs.V1}/jobs", One = $"{All}/{{jobId:guid}}";

    public static void MapJobs(this IEndpointRouteBuilder app)
    {
        app.MapGet(All, List).Requires(Permission.ViewJobs, ApiScope.JobsRead);
        app.MapGet(One, async (HttpContext http, IMediator mediator, Guid jobId) =>
            await Answer(http, await mediator.Send(new ReadJob(http.Organization().Value, new(jobId)), http.RequestAborted)))
            .Requires(Permission.ViewJobs, ApiScope.JobsRead);
        app.MapGet($"{One}/results", (HttpContext http, IMediator mediator, Guid jobId) =>
            Csv(http, mediator, output => new ExportJobResults(http.Organization(), new(jobId), output)))
            .Requires(Permission.ViewJobs, ApiScope.JobsRead);
        app.MapPost($"{One}/cancel", (HttpContext http, IMediator mediator, Guid jobId) =>
            Do(http, mediator, jobId, new CancelJob(http.Organization().Value, new(jobId), http.Origin())))
            .Requires(Permission.ViewJobs, ApiScope.JobsManage);
        app.MapPost($"{One}/resume", (HttpContext http, IMediator mediator, Guid jobId) =>
            Do(http, mediator, jobId, new ResumeJob(http.Organization().Value, new(jobId), http.Origin())))
            .Requires(Permission.ViewJobs, ApiScope.JobsManage);
    }

    static async Task List(HttpContext http, IMediator mediator)
    {
        var size = OrganizationShape.Size(http);
        var page = size.Granted
            ? await mediator.Send(new ListJobs(http.Organization().Value, OrganizationShape.Text(http, "cursor"), size.Value),
                http.RequestAborted)
            : size.Refusal;
        if (page.Granted)
            await OrganizationShape.Write(http, page.Value.Rows.Select(j => Shape(http, j)), OrganizationShape.Links(http, page.Value));
        else await OrganizationShape.Refuse(http, page.Refusal);
    }

    /// <summary>202 with the job that was begun, and where to ask for it.</summary>
    public static async Task Accepted(HttpContext http, IMediator mediator, JobId id)
    {
        http.Response.Headers.Location = Self(http, id);
        await Answer(http, await mediator.Send(new ReadJob(http.Organization().Value, id), CancellationToken.None),
            StatusCodes.Status202Accepted);
    }

    /// <summary>Streamed; a refusal comes before the first byte.</summary>
    public static async Task Csv(HttpContext http, IMediator mediator, Func<Stream, IRequest<Outcome<Done>>> export)
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        var written = await mediator.Send(export(http.Response.Body), http.RequestAborted);
        if (written.Granted || http.Response.HasStarted) return;
        http.Response.Headers.ContentType = default;
        await OrganizationShape.Refuse(http, written.Refusal);
    }

    static async Task Do(HttpContext http, IMediator mediator, Guid job, IRequest<Outcome<Done>> command)
    {
        var done = await mediator.Send(command, CancellationToken.None);
        if (done.Granted) await Answer(http, await mediator.Send(new ReadJob(http.Organization().Value, new(job)), CancellationToken.None));
        else await OrganizationShape.Refuse(http, done.Refusal);
    }

    static Task Answer(HttpContext http, Outcome<JobView> job, int status = StatusCodes.Status200OK) =>
        job.Granted ? OrganizationShape.Write(http, Shape(http, job.Value), status: status) : OrganizationShape.Refuse(http, job.Refusal);

    static Resource Shape(HttpContext http, JobView job) => new($"{job.Id}", "jobs", new Attributes(
        job.Kind, job.Title, job.State, job.AskedAt.UtcDateTime, job.StartedAt?.UtcDateTime, job.EndedAt?.UtcDateTime, job.Total, job.Done,
        Math.Round(job.Percent, 1), job.Counts, job.PerSecond, job.TimeLeft?.TotalSeconds, job.Failure),
        new { self = Self(http, job.Id), results = $"{Self(http, job.Id)}/results" });

    static string Self(HttpContext http, JobId job) => OrganizationShape.Link(http, $"/admin/v1/orgs/{http.Organization()}/jobs/{job}");

    /// <param name="Counts">Items by outcome code.</param>
    /// <param name="SecondsLeft">At the present rate; left out when it cannot be told.</param>
    sealed record Attributes(
        string Kind, string Title, JobState State, DateTime AskedAt, DateTime? StartedAt, DateTime? EndedAt, long Total, long Done,
        double Percent, IReadOnlyDictionary<string, long> Counts, double? PerSecond, double? SecondsLeft,
        string? Failure);
}
