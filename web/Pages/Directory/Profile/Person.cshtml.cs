namespace DirectoryPlatform.Web.Pages.Directory.Profile;

/// <summary>
/// One person, one profile (SPEC M10): reached from Managed accounts it opens on the account and offers its life, reached from Users, of
/// all sites or of one, it opens on what the person can get in to. What the visitor may not do, or what is not possible now, is not there.
/// </summary>
public sealed class PersonModel(IMediator mediator) : UsersPage(mediator)
{
    /// <summary>Lines of the history that the first tab shows.</summary>
    public const int Recent = 5;

    [FromRoute] public Guid AccountId { get; set; }
    [FromQuery] public string? Tab { get; set; }

    /// <summary>Asks for what can be done with the person alone, for the menu of a row that names the person.</summary>
    [FromQuery] public bool Menu { get; set; }

    [FromQuery] public PageQuery Query { get; set; } = new();

    public AccountId Account => new(AccountId);
    public bool OfSite => Site is not null;
    public string MemberPath => $"/o/{Organization}/members/{AccountId}";
    public string Path => IsOfUsers ? $"{Users}/{AccountId}" : MemberPath;

    /// <summary>In the address of what leads back here.</summary>
    public string From => IsOfUsers ? "users" : "members";

    /// <summary>Null for whoever is not managed here, and for a site's own admins.</summary>
    public ManagedAccountProfile? Managed { get; private set; }

    /// <summary>There with <see cref="Managed"/>.</summary>
    public Credentials? Credentials { get; private set; }

    /// <summary>Null for whoever is on none of the sites, and where the account itself was asked for and found.</summary>
    public UserProfile? Person { get; private set; }

    /// <summary>On a domain of the organization and not claimed (SPEC C10).</summary>
    public ClaimablePerson? Claimable { get; private set; }

    public AppAccess? Access { get; private set; }

    /// <summary>Whether the visitor may say here who is in which groups; which ones stand with <see cref="Access"/>, or in
    /// <see cref="SiteGroups"/> where a site's own admins do.</summary>
    public bool MayGroup => OfSite ? SiteGroups is { In.Count: > 0 } or { Others.Count: > 0 } : IsOrganizationAdmin;

    public SiteGroups? SiteGroups { get; private set; }

    /// <summary>For the menu of a row: groups are given to whoever is on a site.</summary>
    public bool IsOnSite { get; private set; }
    public ListPage<AuditEvent> History { get; private set; } = ListPage<AuditEvent>.Empty;

    /// <summary>The newest lines of the history, for the first tab.</summary>
    public IReadOnlyList<AuditEvent> Lately { get; private set; } = [];

    /// <summary>A site's own admins open none of the organization's pages.</summary>
    public HistoryView Told(IReadOnlyList<AuditEvent> lines) =>
        new(lines, IsOrganizationAdmin ? $"/o/{Organization}" : null, AccountId);

    public ListView HistoryView => ListView.Of("History", At(ProfileTab.Activity), Query, History) with { Live = false };

    /// <summary>False when there is nobody to show, only words why.</summary>
    public bool IsFound => Managed is not null || Person is not null;

    public string Name => Managed?.Name ?? Person?.Name ?? Claimable?.Name
        ?? (OfSite ? "Not a user of this site" : "Not in your organization");
    public string Email => Managed?.Email ?? Person?.Email ?? Claimable?.Email ?? "";
    public AccountState State => Managed?.State ?? Person?.State ?? AccountState.Active;
    public bool IsManaged => Managed is not null || Person is { Managed: true };
    /// <summary>The visitor's own account, which nobody suspends or removes for themselves.</summary>
    public bool IsOwn => Account == Visitor!.Account;

    public bool IsGone => State is AccountState.Deactivated or AccountState.PendingDeletion;

    /// <summary>Whether there are apps that the visitor may give roles in.</summary>
    public bool MayGive => OnlyApps is not { Count: 0 };

    public ProfileTab Shown { get; private set; }

    public IEnumerable<(ProfileTab Tab, string Words)> Tabs =>
    [
        (ProfileTab.Overview, "Overview"), (ProfileTab.Access, "Access"),
        .. Managed is null ? (IEnumerable<(ProfileTab, string)>)[] : [(ProfileTab.Security, "Security")],
        (ProfileTab.Activity, "Activity"),
    ];

    public string At(ProfileTab tab) => $"{Path}?tab={tab.ToString().ToLowerInvariant()}";

    /// <summary>Where the roles are saved, those of all sites that are shown at once.</summary>
    public string RolesPath => $"{Users}/{AccountId}/access?from={From}";

    public IReadOnlyList<ProfileAction> Actions { get; private set; } = [];

    /// <summary>Why the account cannot be deactivated. Two people ask: whoever looks at the own account, and whoever looks at the last
    /// admin.</summary>
    public Refusal? ProtectedBy => IsOfUsers || Managed is not { State: AccountState.Active } person
        ? null
        : person.Actions.First(a => a.Action is AccountAction.Deactivate).Refusal;

    public async Task<IActionResult> OnGet()
    {
        if (await (OfSite ? LoadUser() : LoadOfOrganization()) is { } elsewhere) return elsewhere;
        if (!IsFound)
        {
            if (Claimable is null) Response.StatusCode = StatusCodes.Status404NotFound;
            return Page();
        }
        Shown = Tabs.Select(t => t.Tab).FirstOrDefault(
            t => string.Equals(Tab, t.ToString(), StringComparison.OrdinalIgnoreCase),
            IsOfUsers ? ProfileTab.Access : ProfileTab.Overview);
        if (Site is { } site && MayManage && (Menu || Shown is ProfileTab.Access))
            SiteGroups = await Send(new ReadSiteGroups(Organization, site, Account));
        if (Menu && WantsPart)
        {
            IsOnSite = Person is not null || await Send(new IsUser(Scope, Account));
            Actions = [.. ProfileActions.OfRow(this)];
            return Partial("_Menu", this);
        }
        if (Shown is ProfileTab.Access) Access = await Send(new ReadAppAccess(Scope, Account));
        if (Shown is ProfileTab.Activity) History = await Query.Read(at => Send(new ReadHistory(Scope, Account, at)));
        if (Shown is ProfileTab.Overview)
            Lately = Managed is { History: { Count: > 0 } lines } ? lines
                : (await Send(new ReadHistory(Scope, Account, Size: Recent))).Value.Rows;
        Actions = [.. ProfileActions.Of(this)];
        return Page();
    }

    async Task<IActionResult?> LoadUser()
    {
        if (await Send(new ReadUser(Scope, Account)) is { Granted: true, Value: var user }) Person = user;
        // Not on this site: whoever administers the organization is led to where it knows the person.
        else if (IsOrganizationAdmin && ((await Send(new ReadUser(new(Organization), Account))).Granted || (await Managing()).Granted))
            return LocalRedirect($"/o/{Organization}/users/{AccountId}");
        return null;
    }

    Task<Outcome<ManagedAccountProfile>> Managing() => Send(
        new ReadManagedAccount(Organization, Account, Visitor!.Account)
        {
            Asker = Visitor.AdminOf,
            // Where another tab is asked for, or comes first, they are not shown.
            Recent = Tab is null && IsOfUsers || Tab is not (null or "overview") || Menu ? 0 : Recent,
        });

    /// <summary>Whoever is asked for as what he or she is not is shown as what he or she is.</summary>
    async Task<IActionResult?> LoadOfOrganization()
    {
        if (IsOfUsers && await Send(new ReadUser(Scope, Account)) is { Granted: true, Value: var user }) Person = user;
        if (Person is not { Managed: false })
        {
            var managed = await Managing();
            var credentials = managed.Granted
                ? await Send(new ReadCredentials(Account, Organization, Visitor!.Account, Visitor.AdminOf))
                : managed.Refusal;
            // Perhaps unclaimed between the two looks.
            if (credentials.Granted) (Managed, Credentials) = (managed.Value, credentials.Value);
        }
        if (IsOfUsers && Person is null && Managed is not null) return LocalRedirect($"{MemberPath}?tab=access");
        if (!IsOfUsers && Managed is null && (await Send(new ReadUser(Scope, Account))).Granted)
            return LocalRedirect($"{Users}/{AccountId}");
        if (Managed is null && await Send(new ReadClaimable(Organization, Account)) is { Granted: true, Value: { Refusal: null } found })
            Claimable = found;
        return null;
    }
}

public enum ProfileTab { Overview, Access, Security, Activity }
