namespace DirectoryPlatform.Web.Pages.Settings.Roles;

/// <summary>Who administers the organization, and since when (SPEC S7).</summary>
[Requires(Permission.ManageAdmins)]
public sealed class AdminsModel(IMediator mediator) : OrganizationPage(mediator)
{
    public IReadOnlyList<OrganizationAdminView> Admins { get; private set; } = [];
    public AccountId Me => Visitor!.Account;

    public async Task OnGet() => Admins = await Send(new ReadOrganizationAdmins(Organization));
}
