namespace DirectoryPlatform.Web.Pages.Security.Provisioning;

/// <summary>What another id on an old address means, always or case by case (SPEC A16).</summary>
[Requires(Permission.ManageProvisioning, Fresh = true)]
public sealed class IdentityRuleModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid DirectoryId { get; set; }

    public IdentityDirectoryId Directory => new(DirectoryId);
    public string Path => $"{Home}/identity-providers/{DirectoryId}";
    public IdentityDirectoryDetail View { get; private set; } = null!;

    Task<IActionResult?> Load() => Find(new ReadIdentityDirectory(Organization, Directory), found => View = found);

    [BindProperty] public Form Input { get; set; } = new(null);

    public IdentityRule Chosen { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Chosen = View.Directory.Rule;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Chosen = Input.Rule switch
        {
            "ask" => IdentityRule.Ask,
            "same" => IdentityRule.AlwaysSame,
            "other" => IdentityRule.AlwaysOther,
            _ => (IdentityRule)(-1)
        };
        return RedirectOrShow(await Execute(new ChooseIdentityRule(Organization, Directory, Chosen, Origin)),
            "Saved. This applies from the provider’s next request.", Path, "rule");
    }

    public sealed record Form(string? Rule);
}
