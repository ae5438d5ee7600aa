namespace DirectoryPlatform.Web.Pages.Security.Provisioning;

/// <summary>The identity providers that make and change people here (SPEC P2).</summary>
[Requires(Permission.ManageProvisioning)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    public IReadOnlyList<IdentityDirectoryView> Directories { get; private set; } = [];

    public async Task OnGet() => Directories = await Send(new ReadIdentityDirectories(Organization));
}
