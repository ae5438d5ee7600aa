using DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;
using DirectoryPlatform.Web.Pages.Directory.Users;

namespace DirectoryPlatform.Web.Pages.Settings.Exports;

/// <summary>A file of people, at once when it is small, by a job when it is large: of the managed accounts that their list's filters
/// mean (SPEC M9), of everybody on a domain (D13), or of the users that a site's list means (U8), groups as a list or as columns.</summary>
public sealed class ExportModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid? DomainId { get; set; }
    [FromQuery] public ManagedAccountQuery OfAccounts { get; set; } = new();
    [FromQuery] public UserQuery OfUsers { get; set; } = new();

    /// <summary>"columns" for a column each.</summary>
    [FromForm] public string? Groups { get; set; }

    /// <summary>"yes" for one more column per app.</summary>
    [FromForm] public string? LastUse { get; set; }

    public ExportSize Size { get; private set; } = null!;

    /// <summary>The filters that are set, in words.</summary>
    public IReadOnlyList<string> Chips { get; private set; } = [];

    /// <summary>The list's filters; null for a domain, which has none. Public, it would be bound.</summary>
    internal ListQuery? Query => Site is not null ? OfUsers : DomainId is null ? OfAccounts : null;

    string ListPath => Site is not null ? Users : DomainId is null ? $"{Home}/members" : $"{Home}/domains";

    /// <summary>The list that it began on, as it was.</summary>
    public string Back => Query?.Elsewhere(ListPath) ?? ListPath;

    /// <summary>Of the file.</summary>
    public string FilePath => Site is not null ? $"{Users}/users.csv"
        : DomainId is { } domain ? $"{ListPath}/{domain}/accounts.csv"
        : $"{ListPath}/accounts.csv";

    ExportScope Wanted => Site is { } site ? ExportScope.Of(site, OfUsers.Filter, Groups == "columns")
        : DomainId is { } domain ? new(ManagedAccountFilter.Everybody, new DomainId(domain))
        : new(OfAccounts.Filter) { LastUse = LastUse == "yes" };

    public async Task<IActionResult> OnGet()
    {
        if (Query is { IsApplied: false }) return LocalRedirect(Back);
        var size = await Send(new MeasureExport(Organization, Wanted));
        if (!size.Granted) return RedirectWithError(size.Refusal, ListPath);
        Size = size.Value;
        Chips = [.. Query?.Chips(ListPath, await Policy()).Select(c => c.Text) ?? []];
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (Query is { IsApplied: false }) return LocalRedirect(Back);
        var begun = await Execute(new BeginExport(Organization, Wanted, Origin));
        return begun.Granted
            ? RedirectWithNotice("The file is being created. You can download it here when the job is done.", PathOfJob(begun.Value))
            : RedirectWithError(begun.Refusal, ListPath);
    }

    /// <summary>The policy that is filtered by, by its name.</summary>
    async Task<ILookup<string, ListOption>?> Policy() =>
        Site is null && OfAccounts.UnderPolicy is { } id
            && await Send(new ReadPolicy(Organization, new(id))) is { Granted: true, Value: var policy }
            ? ListView.Offers([("policy", new ListOption($"{id}", policy.Settings.Name ?? ""))])
            : null;
}
