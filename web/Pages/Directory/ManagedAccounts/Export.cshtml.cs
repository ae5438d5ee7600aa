namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>A file of the accounts that the list's filters mean (SPEC M9): at once when it is small, by a job when it is large.</summary>
[Requires(Permission.ViewManagedAccounts, Fresh = true)]
public sealed class ExportModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromQuery] public ManagedAccountQuery Query { get; set; } = new();

    public ExportSize Size { get; private set; } = null!;

    /// <summary>The policy that is filtered by.</summary>
    public ILookup<string, ListOption>? Policy { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        if (Query.Fault is not null) return LocalRedirect(Query.Elsewhere($"{Home}/members"));
        Size = (await Send(new MeasureExport(Organization, new(Query.Filter)))).Value;
        if (Query.UnderPolicy is { } id)
            Policy = await Send(new ReadPolicy(Organization, new(id))) is { Granted: true, Value: var policy }
                ? ListView.Offers([("policy", new ListOption($"{id}", policy.Settings.Name ?? ""))])
                : null;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (Query.Fault is not null) return LocalRedirect(Query.Elsewhere($"{Home}/members"));
        var begun = await Execute(new BeginExport(Organization, new(Query.Filter), Origin));
        return begun.Granted
            ? RedirectWithNotice("The file is being written. It can be downloaded here when the job is done.", $"{Home}/jobs/{begun.Value}")
            : RedirectWithError(begun.Refusal, $"{Home}/members");
    }
}
