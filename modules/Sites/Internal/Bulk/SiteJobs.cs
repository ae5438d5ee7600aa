namespace DirectoryPlatform.Sites.Internal.Bulk;

/// <summary>Which background work is about one site alone: the organization's jobs are not a site admin's business.</summary>
sealed class SiteJobs(NpgsqlDataSource database, JobStore jobs, TimeProvider clock)
    : IRequestHandler<ShareJobWithSite, Outcome<Done>>, IRequestHandler<ReadSiteJob, Outcome<JobView>>,
    IRequestHandler<ReadSiteJobs, IReadOnlyList<JobView>>
{
    const int Shown = 20;

    public async Task<Outcome<Done>> Handle(ShareJobWithSite command, CancellationToken ct)
    {
        await database.Write(
            "insert into sites.site_job (job_id, site_id, asked_at) select @job, id, @now from sites.site where id = @site "
            + "on conflict do nothing",
            new { job = command.Job.Value, site = command.Site.Value, now = clock.GetUtcNow().UtcDateTime }, ct);
        return Done.It;
    }

    public async Task<Outcome<JobView>> Handle(ReadSiteJob query, CancellationToken ct) =>
        await database.Value<Guid?>(
            "select s.organization_id from sites.site_job j join sites.site s on s.id = j.site_id where j.job_id = @job and s.id = @site",
            new { job = query.Job.Value, site = query.Site.Value }, ct) is { } organization
                ? await jobs.Of(organization, query.Job)
                : new NotFound("job");

    public async Task<IReadOnlyList<JobView>> Handle(ReadSiteJobs query, CancellationToken ct)
    {
        var rows = await database.Rows<(Guid Job, Guid Organization)>("""
            select j.job_id, s.organization_id from sites.site_job j join sites.site s on s.id = j.site_id where j.site_id = @site
              order by j.asked_at desc limit @Shown
            """, new { site = query.Site.Value, Shown }, ct);
        var views = new List<JobView>();
        foreach (var (job, organization) in rows)
            if (await jobs.Of(organization, new(job)) is { Granted: true, Value: var view }) views.Add(view);
        return views;
    }
}
