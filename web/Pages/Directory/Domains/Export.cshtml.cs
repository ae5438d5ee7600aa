namespace DirectoryPlatform.Web.Pages.Directory.Domains;

/// <summary>A file of everybody on a domain (SPEC D13): at once when it is small, by a job when it is large.</summary>
[Requires(Permission.ManageDomains, Fresh = true)]
public sealed class ExportModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid DomainId { get; set; }

    public ExportSize Size { get; private set; } = null!;
    public string Path => $"{Home}/domains/{DomainId}";

    ExportScope Scope => new(ManagedAccountFilter.Everybody, new DomainId(DomainId));

    public async Task<IActionResult> OnGet()
    {
        var size = await Send(new MeasureExport(Organization, Scope));
        if (!size.Granted) return RedirectWithError(size.Refusal, $"{Home}/domains");
        Size = size.Value;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        var begun = await Execute(new BeginExport(Organization, Scope, Origin));
        return begun.Granted
            ? RedirectWithNotice("The file is being written. It can be downloaded here when the job is done.", $"{Home}/jobs/{begun.Value}")
            : RedirectWithError(begun.Refusal, $"{Home}/domains");
    }
}
