using DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;
using DirectoryPlatform.Web.Pages.Directory.Users;
using Microsoft.Extensions.Primitives;

namespace DirectoryPlatform.Web.Pages.Settings.Exports;

/// <summary>A file of people, at once when it is small, by a job when it is large: of the managed accounts that their list's filters
/// mean (SPEC M9), of everybody on a domain (D13), or of the users that a site's list means (U8), or the organization's (U15), groups as a
/// list or as columns.</summary>
public sealed class ExportModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid? DomainId { get; set; }
    [FromQuery] public ManagedAccountQuery OfAccounts { get; set; } = new();
    [FromQuery] public UserQuery OfUsers { get; set; } = new();

    /// <summary>Whether each group has a column, as the form says or else the address.</summary>
    internal bool GroupColumns => Named("groups") == "columns";

    /// <summary>Of the organization's sites, the one whose users are meant, as the form says or else the address; null for all.</summary>
    internal SiteId? Chosen => UserQuery.SiteOf(Named("site"));

    /// <summary>Whether each app has one more column. A box that is not ticked is not sent: what the form leaves out, it says.</summary>
    internal bool LastUse => (Request.HasFormContentType ? Request.Form["lastuse"] : Request.Query["lastuse"]) == "yes";

    public ExportSize Size { get; private set; } = null!;

    /// <summary>That can be chosen, by name; none under a site's own address, and for who is on no site.</summary>
    public IReadOnlyList<SiteView> Sites { get; private set; } = [];

    /// <summary>Managed accounts that are on no site: each has one row.</summary>
    public bool IsOfNeverInvited => IsOfUsers && OfUsers.Kind is UserType.NeverInvited;

    /// <summary>The filters that are set, in words.</summary>
    public IReadOnlyList<string> Chips { get; private set; } = [];

    /// <summary>The list's filters; null for a domain, which has none. Public, it would be bound.</summary>
    internal ListQuery? Query => IsOfUsers ? OfUsers : DomainId is null ? OfAccounts : null;

    string ListPath => IsOfUsers ? Users : DomainId is null ? $"{Home}/members" : $"{Home}/domains";

    /// <summary>The list that it began on, as it was.</summary>
    public string Back => Query?.Elsewhere(ListPath) ?? ListPath;

    /// <summary>Of the file.</summary>
    public string FilePath => IsOfUsers ? $"{Users}/users.csv"
        : DomainId is { } domain ? $"{ListPath}/{domain}/accounts.csv"
        : $"{ListPath}/accounts.csv";

    ExportScope Wanted(SiteId? site) => IsOfUsers
        ? ExportScope.Of(site, OfUsers.Filter, GroupColumns)
        : DomainId is { } domain ? new(ManagedAccountFilter.Everybody, new DomainId(domain))
        : new(OfAccounts.Filter) { LastUse = LastUse };

    /// <summary>Every filter of the list is applied, and nothing else was meant as one. A domain's file has no filters.</summary>
    bool IsUnderstood => Query is { } list
        ? list.IsApplied && list.Knows(Request.Query, IsOfUsers ? (string[])["site", "groups"] : ["lastuse"])
        : new PageQuery().Knows(Request.Query);

    StringValues Named(string name) =>
        Request.HasFormContentType && Request.Form.TryGetValue(name, out var sent) ? sent : Request.Query[name];

    public async Task<IActionResult> OnGet()
    {
        if (!IsUnderstood) return RedirectWithError(new FilterNotApplied(), Back);
        var size = await Send(new MeasureExport(Organization, Wanted(Site)));
        if (!size.Granted) return RedirectWithError(size.Refusal, ListPath);
        Size = size.Value;
        if (IsOfUsers && Site is null && !IsOfNeverInvited) Sites = await Send(new ReadSites(Organization));
        // A site in the address is only proposed: the page says what all sites have.
        if (IsOfUsers && Site is null && Chosen is { } chosen && Sites.All(s => s.Id != chosen)) return NotFound();
        Chips = [.. Query?.Chips(ListPath, await Policy()).Select(c => c.Text) ?? []];
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (!ModelState.IsValid) return BadRequest();
        if (!IsUnderstood) return RedirectWithError(new FilterNotApplied(), Back);
        var begun = await Execute(new BeginExport(Organization, Wanted(Site ?? Chosen), Origin));
        return begun.Granted
            ? RedirectWithNotice("The file is being created. You can download it here when the job is done.", PathOfJob(begun.Value))
            : RedirectWithError(begun.Refusal, ListPath);
    }

    /// <summary>The policy that is filtered by, by its name.</summary>
    async Task<ILookup<string, ListOption>?> Policy() =>
        !IsOfUsers && OfAccounts.UnderPolicy is { } id
            && await Send(new ReadPolicy(Organization, new(id))) is { Granted: true, Value: var policy }
            ? ListView.Offers([("policy", new ListOption($"{id}", policy.Settings.Name ?? ""))])
            : null;
}
