namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>A file of the users that the list's filters mean (SPEC U8): at once when it is small, by a job when it is large; groups as a
/// list or as columns.</summary>
[Requires(Permission.ManageSiteUsers, Fresh = true)]
public sealed class ExportModel(IMediator mediator) : UsersPage(mediator)
{
    [FromQuery] public UserQuery Query { get; set; } = new();

    /// <summary>"columns" for a column each.</summary>
    [FromForm] public string? Groups { get; set; }

    public ExportSize Size { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        if (Query.Fault is not null) return LocalRedirect(Query.Elsewhere(Users));
        var size = await Send(new MeasureExport(Organization, ExportScope.Of(Site!.Value, Query.Filter, false)));
        if (!size.Granted) return NotFound();
        Size = size.Value;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (Query.Fault is not null) return LocalRedirect(Query.Elsewhere(Users));
        var begun = await Execute(new BeginExport(Organization, ExportScope.Of(Site!.Value, Query.Filter, Groups == "columns"), Origin));
        return begun.Granted
            ? RedirectWithNotice("The file is being written. It can be downloaded here when the job is done.", PathOfJob(begun.Value))
            : RedirectWithError(begun.Refusal, Users);
    }
}
