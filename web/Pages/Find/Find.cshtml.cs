namespace DirectoryPlatform.Web.Pages.Find;

/// <summary>
/// Whatever has a name, and what can be done, from anywhere: a page, and a part of it for the palette (<c>palette.js</c>). Of an
/// organization for its admins; of one site for who looks after it (SPEC U9).
/// </summary>
public sealed class FindModel(IMediator mediator) : UsersPage(mediator)
{
    /// <summary>Of each kind.</summary>
    const int Most = 5;

    /// <summary>A single letter is part of nearly every name.</summary>
    const int LeastLetters = 2;

    public string Typed { get; private set; } = "";

    public IReadOnlyList<HitSection> Sections { get; private set; } = [];

    /// <param name="q">What was typed; blank for what is offered before anything is.</param>
    public async Task<IActionResult> OnGet([FromQuery] string? q)
    {
        Typed = q?.Trim() ?? "";
        var phrase = ActionPhrase.Of(Typed);
        var people = phrase.Name.Length >= LeastLetters ? await People(phrase.Name) : [];
        Sections =
        [
            .. new HitSection[]
            {
                new("Actions", [.. phrase.Begins ? people.SelectMany(p => phrase.On(p, Home)) : [], .. Actions(Typed)]),
                new("People", [.. people.Select(p => new Hit(p.Name, p.Path, p.Email) { Person = p.Account })]),
                new("Groups", Site is null && Typed.Length >= LeastLetters ? await Groups() : []),
                new("Domains", Site is null && Typed.Length > 0 ? await Domains() : []),
                new("Policies", Site is null && Typed.Length > 0 ? await Policies() : []),
                new("Pages", await Pages()),
            }.Where(s => s.Hits.Count > 0).Select(s => s with { Hits = [.. s.Hits.Take(Most)] })
        ];
        return WantsPart ? Partial("_Hits", this) : Page();
    }

    /// <summary>Who is managed here comes first; whoever is on the sites besides follows.</summary>
    async Task<IReadOnlyList<FoundPerson>> People(string name)
    {
        var found = new List<FoundPerson>();
        if (Site is null
            && await Send(new ListManagedAccounts(Organization, new(name), Size: Most)) is { Granted: true, Value: var managed })
            found.AddRange(managed.Rows.Select(r =>
                new FoundPerson(r.Id, r.Name, FormerAddress.Shown(r.Email) ?? "", $"{Home}/members/{r.Id}")
                { State = r.State, IsVisitor = r.Id == Visitor!.Account }));
        if (found.Count < Most && await Send(new ListUsers(Scope, new(name), Size: Most)) is { Granted: true, Value: var users })
            found.AddRange(users.Rows.Where(r => r.Account is { } id && found.TrueForAll(f => f.Account != id))
                .Select(r => new FoundPerson(r.Account!.Value, r.Name, r.Email, $"{Users}/{r.Id}")
                { Status = MayManage ? r.Status : null, IsVisitor = r.Account == Visitor!.Account }));
        return [.. found.Take(Most)];
    }

    async Task<IReadOnlyList<Hit>> Groups() =>
        await Send(new ListGroups(Organization, Typed, null, Most)) is { Granted: true, Value: var list }
        ? [.. list.Rows.Select(g => new Hit(g.Name, $"{Home}/groups/{g.Id}", g.Provider))]
        : [];

    async Task<IReadOnlyList<Hit>> Domains() => [.. (await Send(new ReadDomains(Organization)))
        .Where(d => Has(d.Display) || Has(d.Name)).Select(d => new Hit(d.Display, $"{Home}/domains/{d.Id}", Badge.Of(d).Text))];

    async Task<IReadOnlyList<Hit>> Policies() => [.. (await Send(new ReadPolicyNames(Organization)))
        .Where(p => Has(p.Name)).Select(p => new Hit(p.Name, $"{Home}/policies/{p.Id}"))];

    /// <summary>Those of the menu, and what belongs to the visitor.</summary>
    async Task<IReadOnlyList<Hit>> Pages()
    {
        var frame = await Frame.Of(HttpContext, HttpContext.RequestServices.GetRequiredService<IMediator>());
        return [.. frame!.Menu.SelectMany(section => section.Links.Select(link => new Hit(link.Label, link.Path, section.Title)))
            .Concat(Offers.Pages(Site is null ? Home : null)).Where(hit => Has(hit.Label))];
    }

    IEnumerable<Hit> Actions(string typed) => (Site is null ? Offers.Actions(Home) : MayManage ? Offers.SiteActions(Home) : [])
        .Where(hit => typed.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .All(word => $"{hit.Label} {hit.Note}".Contains(word, StringComparison.OrdinalIgnoreCase)));

    bool Has(string name) => name.Contains(Typed, StringComparison.OrdinalIgnoreCase);
}

public sealed record HitSection(string Title, IReadOnlyList<Hit> Hits);

/// <param name="Note">At the end of the line: an address, a state, where it stands.</param>
public sealed record Hit(string Label, string Path, string? Note = null)
{
    /// <summary>Whose initials stand before it.</summary>
    public AccountId? Person { get; init; }

    /// <summary>Whom an action is for, in bold behind it.</summary>
    public string? For { get; init; }
}
