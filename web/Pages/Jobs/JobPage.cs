namespace DirectoryPlatform.Web.Pages.Jobs;

public abstract class JobPage(IMediator mediator) : ResourcePage<JobView>(mediator)
{
    [FromRoute] public Guid JobId { get; set; }

    public JobId Job => new(JobId);
    public string Path => $"{Home}/jobs/{JobId}";

    protected override IRequest<Outcome<JobView>> Read => new ReadJob(OrgId, Job);
}
