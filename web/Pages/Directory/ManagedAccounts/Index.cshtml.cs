namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The Managed accounts list (SPEC M1).</summary>
[Requires(Permission.ViewManagedAccounts)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    public ManagedAccountQuery Query { get; private set; } = new();
    public ListPage<ManagedAccountRow> List { get; private set; } = ListPage<ManagedAccountRow>.Empty;
    public ListView View { get; private set; } = null!;
    public ManagedAccountCounts Counts { get; private set; } = null!;
    public IReadOnlyList<DomainView> Domains { get; private set; } = [];

    /// <summary>To which the bulk bar moves accounts.</summary>
    public IReadOnlyList<PolicyName> Policies { get; private set; } = [];

    /// <summary>Domains with accounts that wait to be claimed (SPEC C10).</summary>
    public IReadOnlyList<(DomainView Domain, long Accounts)> Waiting { get; private set; } = [];

    public string Path => $"{Home}/members";

    public async Task<IActionResult> OnGet([FromQuery] ManagedAccountQuery query)
    {
        Query = query;
        List = await query.Read(at => Send(query.For(Organization, at)));
        Domains = [.. (await Send(new ReadDomains(Organization))).Where(d => d.IsOwned)];
        Policies = await Send(new ReadPolicyNames(Organization));
        View = ListView.Of("Managed accounts", Path, query, List) with
        {
            File = $"{Path}/accounts.csv",
            Offered = ListView.Offers(
                Domains.Select(d => ("domain", new ListOption(d.Name, d.Display))),
                Policies.Select(p => ("policy", new ListOption($"{p.Id}", p.Name))),
                (await Send(new ReadApps())).Select(a => ("app", new ListOption(a.Id, a.Name)))),
        };
        if (WantsPart)
        {
            Response.Headers["HX-Push-Url"] = query.AtRow(Path, query.At);
            return Partial("_List", this);
        }
        Counts = await Send(new CountManagedAccounts(Organization));
        var onDomains = await Send(new CountAccountsOnDomains(Organization, [.. Domains.Select(d => d.Name)]));
        Waiting = [.. Domains.Select(d => (d, onDomains[d.Name].Claimable)).Where(d => d.Claimable > 0)];
        return Page();
    }
}
