namespace DirectoryPlatform.Web.Pages.Settings.Jobs;

[Requires(Permission.ViewJobs)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromQuery] public PageQuery Query { get; set; } = new();

    public ListPage<JobView> Jobs { get; private set; } = ListPage<JobView>.Empty;
    public ListView View => ListView.Of("Jobs", $"{Home}/jobs", Query, Jobs) with { Live = false };

    readonly Dictionary<Guid, string> _names = [];

    public string StartedBy(JobView job) => job.AskedBy is { } asker ? _names[asker] : "The platform";

    /// <summary>More are one number.</summary>
    const int MostRunning = 20;

    /// <param name="running">For the top bar: those that go on.</param>
    public async Task<IActionResult> OnGet([FromQuery] bool running)
    {
        if (running && WantsPart)
        {
            var now = await Send(new ListJobs(OrgId, null, MostRunning) { Ended = false });
            return Partial("_JobsLink", ($"{Home}/jobs", now.Granted ? now.Value.Rows : []));
        }
        Jobs = await Query.Read(at => Send(new ListJobs(OrgId, at)));
        foreach (var asker in Jobs.Rows.Select(j => j.AskedBy).OfType<Guid>().Distinct())
            _names[asker] = await Send(new ReadAccount(new AccountId(asker))) is { Granted: true, Value: var account }
                ? account.Name
                : Accounts.Account.FormerUser;
        return Page();
    }
}
