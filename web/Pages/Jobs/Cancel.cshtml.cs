namespace DirectoryPlatform.Web.Pages.Jobs;

/// <summary>Says what cancelling means before it is done.</summary>
[Requires(Permission.ViewJobs)]
public sealed class CancelModel(IMediator mediator) : JobPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load() ?? (View.Ended ? LocalRedirect(Path) : Page());

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new CancelJob(OrgId, Job, Origin));
        return outcome.Granted ? RedirectWithNotice("The job is cancelled.", Path) : RedirectWithError(outcome.Refusal, Path);
    }
}
