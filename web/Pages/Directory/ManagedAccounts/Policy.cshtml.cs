namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Under which policy one managed account is (SPEC S5).</summary>
[OpensInDialog, Requires(Permission.ManagePolicies, Fresh = true)]
public sealed class MemberPolicyModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    public AccountId Account => new(AccountId);
    public string Path => $"{Home}/members/{AccountId}";
    public ManagedAccountProfile View { get; private set; } = null!;

    Task<IActionResult?> Load() => Find(new ReadManagedAccount(Organization, Account, Visitor!.Account), found => View = found);

    [BindProperty] public Form Input { get; set; } = new(default);

    public IReadOnlyList<PolicyView> Policies { get; private set; } = [];
    public PolicyId? Now { get; private set; }

    public async Task<IActionResult> OnGet() => await LoadPolicies() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await LoadPolicies() is { } elsewhere) return elsewhere;
        if (Policies.FirstOrDefault(p => p.Id.Value == Input.Policy) is not { } to) return ShowError(new PolicyNotChosen());
        return RedirectOrShow(await Execute(new MoveToPolicy(Organization, to.Id, [Account], Origin)),
            $"{View.Name} was moved to “{to.Settings.Name}”.", Path);
    }

    async Task<IActionResult?> LoadPolicies()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Policies = await Send(new ReadPolicies(Organization));
        Now = (await Send(new ReadPolicyOf(Organization, Account)))?.Id;
        return null;
    }

    public sealed record Form(Guid Policy);

    sealed record PolicyNotChosen() : Kernel.Outcomes.Refusal("policyNotChosen", "Choose a policy.");
}
