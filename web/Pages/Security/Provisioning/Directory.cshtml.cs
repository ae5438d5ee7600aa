namespace DirectoryPlatform.Web.Pages.Security.Provisioning;

/// <summary>One directory: what the provider needs, whom it provides, and what was refused (SPEC P2).</summary>
[Requires(Permission.ManageProvisioning)]
public sealed class DirectoryModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid DirectoryId { get; set; }
    [FromQuery] public PageQuery Query { get; set; } = new();

    public string All => $"{Home}/identity-providers";
    public string Path => $"{All}/{DirectoryId}";
    public IdentityDirectoryDetail View { get; private set; } = null!;
    public ListPage<ProvisionedPerson> People { get; private set; } = ListPage<ProvisionedPerson>.Empty;
    public ListView PeopleView => ListView.Of("People", Path, Query, People) with { Live = false };

    public async Task<IActionResult> OnGet()
    {
        if (await Find(new ReadIdentityDirectory(Organization, new(DirectoryId)), found => View = found) is { } elsewhere) return elsewhere;
        People = await Query.Read(at => Send(new ListProvisionedPeople(Organization, new(DirectoryId), at)));
        return Page();
    }
}
