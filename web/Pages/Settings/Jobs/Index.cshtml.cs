namespace DirectoryPlatform.Web.Pages.Settings.Jobs;

[Requires(Permission.ViewJobs)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromQuery] public PageQuery Query { get; set; } = new();

    public ListPage<JobView> Jobs { get; private set; } = ListPage<JobView>.Empty;
    public ListView View => ListView.Of("Jobs", $"{Home}/jobs", Query, Jobs) with { Live = false };

    public async Task OnGet() => Jobs = await Query.Read(at => Send(new ListJobs(OrgId, at)));
}
