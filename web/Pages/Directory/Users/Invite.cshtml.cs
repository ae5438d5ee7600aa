namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>Invites one or many addresses to a site, with a result for each (SPEC U3).</summary>
[Requires(Permission.ManageSiteUsers)]
public sealed class InviteModel(IMediator mediator) : UsersPage(mediator)
{
    /// <summary>A list to choose from, not all of ten thousand (own choice); others are typed.</summary>
    const int ShownGroups = 100;

    /// <summary>As many results as are read on a page; more are looked through first (own choice).</summary>
    const int AtOnce = 100;

    [BindProperty] public Form Input { get; set; } = new();

    public IReadOnlyList<GroupRow> Groups { get; private set; } = [];

    /// <summary>Whether there are groups beyond those that are shown.</summary>
    public bool MoreGroups { get; private set; }

    /// <summary>The organization's sites, where the visitor may choose among them.</summary>
    public IReadOnlyList<SiteView> Sites { get; private set; } = [];

    /// <summary>Whether what was sent gives nobody a role or a group (SPEC U12).</summary>
    public bool OpensNothing { get; private set; }

    /// <summary>How many were invited, let in and refused, apart (SPEC U12).</summary>
    public string Headline
    {
        get
        {
            var added = Results!.Count(r => r.Outcome is { Granted: true, Value: InvitedHow.InAtOnce });
            var refused = Results!.Count(r => !r.Outcome.Granted);
            (int Many, string How)[] counts =
                [(Results!.Count - added - refused, "invited by email"), (added, "added at once"), (refused, "not invited")];
            return $"{string.Join(", ", counts.Where(c => c.Many > 0).Select(c => $"{c.Many} {c.How}"))}.";
        }
    }

    /// <summary>Null before it is done.</summary>
    public IReadOnlyList<InvitedAddress>? Results { get; private set; }

    /// <summary>What was typed for an address whose name has a comma in it: it may have been meant as two. Null for others.</summary>
    public string? TypedFor(InvitedAddress result) => _typed.GetValueOrDefault(result.Address);

    Dictionary<string, string> _typed = [];

    /// <summary>How many people come from the list of managed accounts; null for none.</summary>
    public long? Invitees { get; private set; }

    /// <summary>Whether files were chosen for another site: no page can choose them again.</summary>
    public bool LostFiles { get; private set; }

    public async Task<IActionResult> OnGet([FromQuery] string? emails, [FromQuery] Guid? list)
    {
        Input.Emails = emails?.Length <= 4_000 ? emails : null;
        Input.List = list;
        return await Load() ?? Page();
    }

    /// <summary>The same form on another site, with what was typed on the one before.</summary>
    public async Task<IActionResult> OnPostShow()
    {
        LostFiles = Input.Files.Count > 0;
        return await Load() ?? Page();
    }

    /// <summary>A few are invited at once, with the result of each on the page.
    /// Many are looked through first and invited by a job.</summary>
    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var roles = Place.Apps.Where(a => Input.Roles.GetValueOrDefault(a.Id) is "user" or "admin")
            .ToDictionary(a => a.Id, a => Input.Roles[a.Id] == "admin" ? AppRole.Admin : AppRole.User);
        if (await TypedGroups() is not { } more) return Page();
        var groups = Groups.Select(g => g.Id).Where(g => Input.Groups.Contains(g.Value)).Union(more).ToList();
        var read = await Send(new ReadAddressList(AddressInput.Of(Input.Emails), int.MaxValue));
        var typed = read.Granted ? read.Value.Entries : [];
        if (Input.Files.Count > 0 || Invitees is not null || typed.Count > AtOnce) return await Prepare(roles, groups);
        var outcome = await Execute(new InviteUsers(Site!.Value, typed, roles, groups, Input.Note, Origin));
        if (!outcome.Granted) return ShowError(outcome.Refusal, outcome.Refusal is NoAddresses ? nameof(Form.Emails) : null);
        (Results, OpensNothing) = (outcome.Value.Each, roles.Count + groups.Count == 0);
        _typed = read.Granted
            ? read.Value.Emails.Where(e => e.Value.Text.Contains(',')).ToDictionary(e => e.Key.Value, e => e.Value.Text)
            : [];
        if (Results.All(r => !r.Outcome.Granted)) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    /// <summary>By their whole names, a line each; null when one is unknown, which the page then says.</summary>
    async Task<IReadOnlyList<GroupId>?> TypedGroups()
    {
        if (!IsOrganizationAdmin) return [];
        var (found, unknown) = (new List<GroupId>(), new List<string>());
        foreach (var name in (Input.OtherGroups ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(ShownGroups))
            if (await Send(new FindGroup(Organization, name)) is { } group) found.Add(group);
            else unknown.Add(name);
        if (unknown.Count == 0) return found;
        ModelState.AddModelError("Input.OtherGroups", $"There is no group called {string.Join(", ", unknown.Take(5))}.");
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return null;
    }

    async Task<IActionResult> Prepare(IReadOnlyDictionary<string, AppRole> roles, IReadOnlyList<GroupId> groups)
    {
        var draft = await Input.Files.AsAddresses(Input.Emails, list => Execute(new DraftInvitations(Site!.Value, list,
            Invitees is null ? null : new BulkDraftId(Input.List!.Value), roles, groups, Input.Note, Origin)));
        return draft.Granted
            ? LocalRedirect($"{Home}/users/changes/{draft.Value}")
            : ShowError(draft.Refusal,
                draft.Refusal switch
                {
                    FileTooLarge or FileUnreadable or FileEmpty or FileRefused => nameof(Form.Files),
                    NoAddresses => nameof(Form.Emails),
                    TooManyAddresses => Input.Files.Count == 0 ? nameof(Form.Emails) : nameof(Form.Files),
                    _ => null
                });
    }

    /// <summary>Groups are the organization's: what they open on other sites is not a site admin's to give.</summary>
    async Task<IActionResult?> Load()
    {
        if (await LoadSite() is { } elsewhere) return elsewhere;
        // Another organization's list, and one that is over a day old, is no list.
        if (Input.List is { } list && IsOrganizationAdmin)
            Invitees = await Send(new CountInvitees(Organization, new(list))) is { Granted: true, Value.People: var people }
                ? people
                : null;
        if (IsOrganizationAdmin) Sites = await Send(new ReadSites(Organization));
        if (IsOrganizationAdmin && await Send(new ListGroups(Organization, null, null, ShownGroups)) is { Granted: true, Value: var page })
            (Groups, MoreGroups) = (page.Rows, page.Next is not null);
        return null;
    }

    public sealed class Form
    {
        public string? Emails { get; set; }
        public string? Note { get; set; }
        public List<IFormFile> Files { get; set; } = [];

        /// <summary>People of the list of managed accounts, written down before.</summary>
        public Guid? List { get; set; }

        public Dictionary<string, string> Roles { get; set; } = [];
        public List<Guid> Groups { get; set; } = [];
        public string? OtherGroups { get; set; }
    }
}
