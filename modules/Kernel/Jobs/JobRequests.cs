namespace DirectoryPlatform.Kernel.Jobs;

sealed class JobReading(JobStore jobs)
    : IRequestHandler<ListJobs, Outcome<ListPage<JobView>>>, IRequestHandler<ReadJob, Outcome<JobView>>,
    IRequestHandler<ReadJobs, IReadOnlyList<JobView>>
{
    public Task<IReadOnlyList<JobView>> Handle(ReadJobs query, CancellationToken ct) => jobs.Of(query.Organization, query.Jobs);
    public Task<Outcome<ListPage<JobView>>> Handle(ListJobs query, CancellationToken ct) => jobs.Page(query, ct);
    public Task<Outcome<JobView>> Handle(ReadJob query, CancellationToken ct) => jobs.Of(query.Organization, query.Job);
}

sealed class JobControl(JobStore jobs, JobScheduling scheduling)
    : IRequestHandler<CancelJob, Outcome<Done>>, IRequestHandler<ResumeJob, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(CancelJob command, CancellationToken ct)
    {
        if (await jobs.Move(command.Organization, command.Job, [JobState.Queued, JobState.Running], JobState.Cancelled,
            KernelActions.JobCancelled,
            command.Origin)) return Done.It;
        return (await jobs.Of(command.Organization, command.Job)).Granted ? new JobHasEnded() : new NotFound("job");
    }

    public async Task<Outcome<Done>> Handle(ResumeJob command, CancellationToken ct)
    {
        if (!await jobs.Move(command.Organization, command.Job, [JobState.Cancelled, JobState.Failed], JobState.Running,
            KernelActions.JobResumed,
            command.Origin))
            return (await jobs.Of(command.Organization, command.Job)).Granted ? new JobNotResumable() : new NotFound("job");
        scheduling.Start();
        return Done.It;
    }
}

sealed class JobByHand(NpgsqlDataSource database, JobWorker worker) : IRequestHandler<WalkJob, Done>
{
    public async Task<Done> Handle(WalkJob command, CancellationToken ct)
    {
        foreach (var range in await database.Rows<int>("select no from kernel.job_range where job_id = @job and not finished order by no",
            new { job = command.Job.Value }, ct))
            await worker.Run(command.Job.Value, range, ct);
        return Done.It;
    }
}

public sealed record JobHasEnded() : Refusal("jobHasEnded", "This job has already ended.");
public sealed record JobNotResumable() : Refusal("jobNotResumable", "Only a cancelled or failed job can be resumed.");
