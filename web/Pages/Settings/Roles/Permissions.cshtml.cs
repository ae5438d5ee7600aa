namespace DirectoryPlatform.Web.Pages.Settings.Roles;

/// <summary>The two tables of code, in words: who may do what (SPEC S7), and what asks for the password again (SPEC S12).</summary>
[Requires(Permission.ManageAdmins)]
public sealed class PermissionsModel(IMediator mediator, WebSettings settings) : OrganizationPage(mediator)
{
    public IReadOnlyList<Role> Roles { get; } = Enum.GetValues<Role>();
    public IReadOnlyList<PermissionRow> Rows { get; } =
        [.. PermissionTable.Rows.Where(r => r.Permission is not Permission.Demo || settings.Demo)];
    public IReadOnlyList<StepUpRow> AskedAgain { get; } = [.. StepUp.Rows, StepUp.AsksItself];

    public void OnGet() { }

    public static string Words(Role role) => role switch
    {
        Role.Anybody => "Anyone, not signed in",
        Role.Person => "Person, for their own account",
        Role.OrganizationAdmin => "Admin of the organization",
        Role.SiteAdmin => "Site admin, on their site",
        Role.AccessAdmin => "User access admin, for their app",
        Role.Provider => "Identity provider, with its directory’s token",
    };
}
