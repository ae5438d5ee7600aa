namespace DirectoryPlatform.Web.Pages.Settings.Jobs;

/// <summary>
/// One job while it runs and after (SPEC C2, C9), under its organization or, for a site's own admins (U9), under that site; there a job of
/// any other site, or of the organization, answers as an unknown one.
/// </summary>
public sealed class JobModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid JobId { get; set; }

    public JobId Job => new(JobId);
    public JobView View { get; private set; } = null!;
    public string Path => PathOfJob(Job);

    /// <summary>Null when the platform asked by itself.</summary>
    public string? AskedBy { get; private set; }

    public bool CanBeUndone { get; private set; }

    /// <summary>What is left is done in the name of whoever asked, who may be allowed more than a site's own admin.</summary>
    public bool MayResume => Site is null || IsOrganizationAdmin || View.AskedBy == Visitor!.Account.Value;

    /// <summary>Where what it was about is seen (SPEC C9).</summary>
    public IReadOnlyList<(string Icon, string Text, string Path)> Onward { get; private set; } = [];
    public bool IsExport => View.Kind == "export";

    /// <summary>Whether it writes a file of users, of one site or of all.</summary>
    bool IsUsersFile => IsExport && View.Title.StartsWith(UsersExport.TitleBegins, StringComparison.Ordinal);

    /// <summary>What the file holds, in words. Of all sites, somebody has several rows; of one, a row is a user.</summary>
    public string Contents(ExportedFile file) =>
        View.Title == UsersExport.TitleOfAll ? file.Rows.Of("row", "rows") : Of(file.Rows);

    /// <summary>What an export has written, while it is kept.</summary>
    public ExportedFile? Exported { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (View.AskedBy is { } asker)
            AskedBy = await Send(new ReadAccount(new AccountId(asker))) is { Granted: true, Value: var account }
                ? account.Name
                : Accounts.Account.FormerUser;
        CanBeUndone = await Send(new IsUndoable(View));
        Onward = Site is not null || UserJobs.Has(View.Kind) || IsUsersFile ? [("users", "Users", Users)] : await OfAccounts();
        if (IsExport && await Send(new ReadExport(Organization, Job)) is { Granted: true, Value: var file }) Exported = file;
        return Page();
    }

    /// <summary>The domain that the title names, those whom it has changed, and everybody.</summary>
    async Task<IReadOnlyList<(string, string, string)>> OfAccounts()
    {
        var members = $"{Home}/members";
        var domain = (await Send(new ReadDomains(Organization))).FirstOrDefault(View.IsOn);
        return
        [
            .. domain is null ? [] : ((string, string, string)[])[("globe", domain.Display, $"{Home}/domains/{domain.Id}"),
                ("users", $"Managed accounts on {domain.Display}", $"{members}?domain={domain.Name}")],
            .. OutcomeLabels.Filters.Where(f => View.Counts.ContainsKey(f.Code))
                .Select(f => ("users", f.Text, $"{members}?status={f.Status}")).Distinct(),
            ("users", "Managed accounts", members),
        ];
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

    public async Task<IActionResult> OnPostCancel() =>
        await Load() ?? RedirectWithAnswer(await Execute(new CancelJob(Organization.Value, Job, Origin)),
            "Job cancelled. Completed changes are kept.", Path);

    public async Task<IActionResult> OnPostResume()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (!MayResume) return RedirectWithError(new JobOfSomeoneElse(), Path);
        return RedirectWithAnswer(await Execute(new ResumeJob(Organization.Value, Job, Origin)), "Job resumed.", Path);
    }

    Task<IActionResult?> Load() => Find<JobView>(
        Site is { } site ? new ReadSiteJob(site, Job) : new ReadJob(Organization.Value, Job), found => View = found);

    /// <summary>What is counted, at the head of a column.</summary>
    public string Items => View.Kind switch
    {
        UserJobs.Invitations => "Addresses",
        UserJobs.Changes => "Users",
        _ => IsUsersFile ? "Users" : "Accounts",
    };

    public string Of(long number) => View.Kind switch
    {
        UserJobs.Invitations => number.Of("address", "addresses"),
        UserJobs.Changes => number.Of("user", "users"),
        _ => IsUsersFile ? number.Of("user", "users") : number.Accounts(),
    };
}

/// <summary>A site's admin begins it anew, which asks what that admin may do.</summary>
sealed record JobOfSomeoneElse()
    : Refusal("jobOfSomeoneElse", "Someone else started this job. Only they or an organization admin can resume it.");
