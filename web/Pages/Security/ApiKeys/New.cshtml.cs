namespace DirectoryPlatform.Web.Pages.Security.ApiKeys;

/// <summary>Makes an API key (SPEC P1). It is shown by the answer to the form and by nothing else: no redirect could carry it without
/// keeping it somewhere.</summary>
[Requires(Permission.ManageApiKeys, Fresh = true)]
public sealed class NewModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null, CreateApiKey.UsualDays.ToString(CultureInfo.InvariantCulture), "days");

    public NewApiKey? Created { get; private set; }
    public string Back => $"{Home}/api-keys";

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var wanted = new CreateApiKey(Organization, Visitor!.Account, Input.Name, Input.Scopes,
            Duration.OfDays.Of(Input.Days, Input.DaysUnit), Origin);
        var outcome = await Execute(wanted);
        if (outcome.Granted)
        {
            Created = outcome.Value;
            return Page();
        }
        return ShowAll(outcome.Refusal, wanted.Faults);
    }

    /// <summary>What a key may be about, with the scope that reads it and the one that changes it; null where there is none.</summary>
    public static IReadOnlyList<(string Name, ApiScope? Read, ApiScope? Manage)> Scopes { get; } =
    [
        ("Managed accounts", ApiScope.AccountsRead, ApiScope.AccountsManage), ("Domains", ApiScope.DomainsRead, ApiScope.DomainsManage),
        ("Users", ApiScope.UsersRead, ApiScope.UsersManage), ("Policies", ApiScope.PoliciesRead, ApiScope.PoliciesManage),
        ("Identity providers", null, ApiScope.ProvisioningManage),
        ("Jobs", ApiScope.JobsRead, ApiScope.JobsManage), ("Audit log", ApiScope.AuditRead, null),
        ("API keys", ApiScope.KeysRead, ApiScope.KeysManage),
    ];

    /// <param name="Days">As typed.</param>
    public sealed record Form(string? Name, string[]? Scopes, string? Days, string? DaysUnit);
}
