namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The Managed accounts list (SPEC M1).</summary>
[Requires(Permission.ViewManagedAccounts)]
public sealed class IndexModel(IMediator mediator, BulkMenu menu) : OrganizationPage(mediator)
{
    public ManagedAccountQuery Query { get; private set; } = new();
    public ListPage<ManagedAccountRow> List { get; private set; } = ListPage<ManagedAccountRow>.Empty;
    public ListView View { get; private set; } = null!;
    public ManagedAccountCounts Counts { get; private set; } = null!;
    public IReadOnlyList<DomainView> Domains { get; private set; } = [];

    /// <summary>To which the selection bar moves accounts.</summary>
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
        Counts = await Send(new CountManagedAccounts(Organization));
        View = ListView.Of("Managed accounts", Path, query, List) with
        {
            Key = "members",
            Columns = ManagedAccountQuery.Columns,
            Look = ListLook.Of(Request.Cookies, "members"),
            Tabs = Tabs,
            Counted = await Counted(query),
            Actions = new($"{Path}/bulk", "action", "accounts", Actions),
            RowMenus = true,
            File = $"{Path}/accounts.csv",
            FileOptions = $"{Path}/export",
            Offered = ListView.Offers(
                Domains.Select(d => ("domain", new ListOption(d.Name, d.Display))),
                Policies.Select(p => ("policy", new ListOption($"{p.Id}", p.Name))),
                (await Send(new ReadApps())).Select(a => ("app", new ListOption(a.Id, a.Name)))),
        };
        if (WantsPart)
        {
            Response.Headers["HX-Push-Url"] = query.Here(Path);
            return Partial("_List", this);
        }
        var onDomains = await Send(new CountAccountsOnDomains(Organization, [.. Domains.Select(d => d.Name)]));
        Waiting = [.. Domains.Select(d => (d, onDomains[d.Name].Claimable)).Where(d => d.Claimable > 0)];
        return Page();
    }

    /// <summary>What the counters know of a list with one filter at most, as Overview shows it; null where nobody has counted.</summary>
    async Task<long?> Counted(ManagedAccountQuery query) => query.Filter switch
    {
        { State: { } state } when query.IsFilteredAtMostBy("status") => Counts.In(state),
        { SecureLogin: { } login } when query.IsFilteredAtMostBy("secure") => Counts.With(login),
        { LastActive: { } active } when query.IsFilteredAtMostBy("active") => (await Send(new ReadActivity(Organization))).With(active),
        { Domain: { } domain } when query.IsFilteredAtMostBy("domain") && Domains.Any(d => d.Name == domain) =>
            (await Send(new CountAccountsOnDomains(Organization, [domain])))[domain].Listed,
        _ => query.IsFiltered ? null : Counts.Listed,
    };

    IReadOnlyList<ListAction> Actions
    {
        get
        {
            var ofLife = menu.Offered.Select(o => new ListAction(o.Value, o.Label)
            {
                Ends = o.Value is ManyAccounts.Unclaim or ManyAccounts.Delete,
            }).ToList();
            return
            [
                .. ofLife.Where(a => !a.Ends), new(UserActions.Invite, "Invite to a site"),
                .. Policies.Select(p => new ListAction($"policy:{p.Id}", p.Name, menu.MoveToPolicy)), .. ofLife.Where(a => a.Ends),
            ];
        }
    }

    IReadOnlyList<ListTab> Tabs =>
    [
        new("All", Counts.Listed.Grouped()), new("Active", Counts.Active.Grouped(), ("status", "active")),
        new("Deactivated", Counts.Deactivated.Grouped(), ("status", "deactivated")),
        new("Pending deletion", Counts.PendingDeletion.Grouped(), ("status", "pending-deletion")),
        new("Unverified", Counts.Unverified.Grouped(), ("status", "unverified")),
        new("Secure login", Counts.SecureLoginShare, ("secure", "yes")) { Apart = true },
    ];
}
