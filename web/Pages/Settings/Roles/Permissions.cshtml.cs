namespace DirectoryPlatform.Web.Pages.Settings.Roles;

/// <summary>The two tables of code, in words: who may do what (SPEC S7), and what asks for the password again (SPEC S12).</summary>
[Requires(Permission.ManageAdmins)]
public sealed class PermissionsModel(IMediator mediator, WebSettings settings) : OrganizationPage(mediator)
{
    public IReadOnlyList<Role> Roles { get; } = Enum.GetValues<Role>();
    /// <summary>In the sections of the menu.</summary>
    public IEnumerable<IGrouping<string, PermissionRow>> Groups { get; } =
        PermissionTable.Rows.Where(r => r.Permission is not Permission.Demo || settings.Demo).GroupBy(r => Section(r.Permission))
            .OrderBy(g => Array.IndexOf(Sections, g.Key));
    public IReadOnlyList<StepUpRow> AskedAgain { get; } = [.. StepUp.Rows, StepUp.AsksItself];

    /// <summary>Which page leads here, where one does: the way back.</summary>
    [BindProperty(SupportsGet = true)] public string? From { get; set; }

    public void OnGet() { }

    /// <summary>What stands above a column, and to whom or what the role belongs.</summary>
    public static (string Name, string Hint) Words(Role role) => role switch
    {
        Role.Anybody => ("Anyone", "not signed in"),
        Role.Person => ("Signed-in person", "own account"),
        Role.OrganizationAdmin => ("Organization admin", "whole organization"),
        Role.SiteAdmin => ("Site admin", "own site"),
        Role.AccessAdmin => ("User access admin", "own app"),
        Role.Provider => ("Identity provider", "its own token"),
    };

    static readonly string[] Sections = ["Everyone", "Directory", "Access", "Security", "Settings"];

    static string Section(Permission permission) => permission switch
    {
        Permission.Anyone or Permission.OwnAccount or Permission.Demo => "Everyone",
        Permission.ManageDomains or Permission.ClaimAccounts or Permission.ViewManagedAccounts or Permission.ManageAccounts
            or Permission.ManageUsers or Permission.ManageGroups => "Directory",
        Permission.ManageSites or Permission.ViewSiteUsers or Permission.ManageSiteUsers or Permission.ManageAppAccess => "Access",
        Permission.ManagePolicies or Permission.ManageProvisioning or Permission.Provision or Permission.ManageApiKeys
            or Permission.ViewAuditLog or Permission.ManageWebhooks => "Security",
        Permission.ManageAdmins or Permission.ManageMail or Permission.ViewJobs => "Settings",
    };
}
