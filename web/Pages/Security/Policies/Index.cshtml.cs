namespace DirectoryPlatform.Web.Pages.Security.Policies;

/// <summary>All policies (SPEC S5).</summary>
[Requires(Permission.ManagePolicies)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    public IReadOnlyList<PolicyView> Policies { get; private set; } = [];

    /// <summary>Accounts under each, however they came to it; null where counting takes too long.</summary>
    public IReadOnlyDictionary<PolicyId, long>? Accounts { get; private set; }

    public async Task OnGet()
    {
        Policies = await Send(new ReadPolicies(Organization));
        Accounts = await Send(new CountPolicies(Organization));
    }
}
