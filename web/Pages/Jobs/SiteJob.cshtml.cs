namespace DirectoryPlatform.Web.Pages.Jobs;

/// <summary>Background work that is about this site alone, for its own admins (SPEC U9, C2, C9): a job of any other site, or of the
/// organization, answers as an unknown one.</summary>
[Requires(Permission.ManageSiteUsers)]
public sealed class SiteJobModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid JobId { get; set; }

    public JobId Job => new(JobId);
    public JobView View { get; private set; } = null!;
    public string Path => $"{Users}/jobs/{JobId}";
    public JobProgress Progress => new(View, Path);

    /// <summary>Null when the platform asked by itself.</summary>
    public string? AskedBy { get; private set; }

    /// <summary>What an export has written, while it is kept.</summary>
    public ExportedFile? Exported { get; private set; }

    public bool CanBeUndone { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (WantsPart && View.Ended) Response.Headers["HX-Refresh"] = "true";
        if (WantsPart) return Partial("~/Pages/Jobs/_Progress.cshtml", Progress);
        if (View.AskedBy is { } asker)
            AskedBy = await Send(new ReadAccount(new AccountId(asker))) is { Granted: true, Value: var account }
                ? account.Name
                : Accounts.Account.FormerUser;
        CanBeUndone = await Send(new IsUndoable(View));
        if (Progress.IsExport && await Send(new ReadExport(Organization, Job)) is { Granted: true, Value: var file }) Exported = file;
        return Page();
    }

    public async Task<IActionResult> OnPostUndo()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Execute(new PrepareUndo(Organization, Job, Origin));
        return outcome.Granted ? LocalRedirect($"{Users}/changes/{outcome.Value.Draft}") : RedirectWithError(outcome.Refusal, Path);
    }

    public async Task<IActionResult> OnPostCancel()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Execute(new CancelJob(Organization.Value, Job, Origin));
        return outcome.Granted
            ? RedirectWithNotice("The job is cancelled. What is done stays done.", Path)
            : RedirectWithError(outcome.Refusal, Path);
    }

    public async Task<IActionResult> OnPostResume()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Execute(new ResumeJob(Organization.Value, Job, Origin));
        return outcome.Granted ? RedirectWithNotice("The job goes on where it stopped.", Path) : RedirectWithError(outcome.Refusal, Path);
    }

    async Task<IActionResult?> Load()
    {
        var job = await Send(new ReadSiteJob(Site!.Value, Job));
        if (!job.Granted) return NotFound();
        View = job.Value;
        return null;
    }
}
