namespace DirectoryPlatform.Web.Pages.Jobs;

/// <summary>One job while it runs and after (SPEC C2, C9). htmx asks for the progress every second; when the job has ended it is told to
/// load the whole page again.</summary>
[Requires(Permission.ViewJobs)]
public sealed class JobModel(IMediator mediator) : JobPage(mediator)
{
    /// <summary>Null when the platform asked by itself.</summary>
    public string? AskedBy { get; private set; }

    public bool CanBeUndone { get; private set; }

    public JobProgress Progress => new(View, Path);

    /// <summary>What an export has written, while it is kept.</summary>
    public ExportedFile? Exported { get; private set; }

    public bool IsExport => Progress.IsExport;

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (WantsPart && View.Ended) Response.Headers["HX-Refresh"] = "true";
        if (WantsPart) return Partial("_Progress", Progress);
        if (View.AskedBy is { } asker)
            AskedBy = await Send(new ReadAccount(new AccountId(asker))) is { Granted: true, Value: var account }
                ? account.Name
                : Accounts.Account.FormerUser;
        CanBeUndone = await Send(new IsUndoable(View));
        if (IsExport && await Send(new ReadExport(Organization, Job)) is { Granted: true, Value: var file }) Exported = file;
        return Page();
    }

    /// <summary>Prepares the opposite (SPEC C9); nothing happens before it is confirmed.</summary>
    public async Task<IActionResult> OnPostUndo()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Execute(new PrepareUndo(Organization, Job, Origin));
        if (!outcome.Granted) return RedirectWithError(outcome.Refusal, Path);
        var (draft, _, site) = outcome.Value;
        return LocalRedirect(!UserJobs.Has(View.Kind) ? $"{Home}/bulk/{draft}"
            : $"{(site is { } one ? $"/s/{one}" : Home)}/users/changes/{draft}");
    }

    public async Task<IActionResult> OnPostResume()
    {
        var outcome = await Execute(new ResumeJob(OrgId, Job, Origin));
        return outcome.Granted ? RedirectWithNotice("The job goes on where it stopped.", Path) : RedirectWithError(outcome.Refusal, Path);
    }
}
