namespace DirectoryPlatform.Web.Pages.Bulk;

/// <summary>
/// An action on whom files or pasted text name (SPEC M11): on managed accounts (C6); from a domain's page on those of the domain, and on
/// all of them where that is asked for; or on the users of all sites or of one (U4, U5).
/// </summary>
public sealed class ByListModel(IMediator mediator, BulkMenu menu) : UsersPage(mediator)
{
    /// <summary>Which action the page is opened for.</summary>
    [FromQuery(Name = "for")] public string? For { get; set; }

    /// <summary>The domain whose accounts are unclaimed; null for all managed accounts.</summary>
    [FromQuery(Name = "domain")] public Guid? DomainId { get; set; }

    [BindProperty] public Form Input { get; set; } = new();

    public DomainView? Domain { get; private set; }

    /// <summary>The actions, as the menu has them.</summary>
    public IEnumerable<(string Value, string Label)> Offered =>
        IsOfUsers ? ChangeWords.All.Select(w => (w.Value, w.Label)) : menu.Offered;

    public string MoveToPolicy => menu.MoveToPolicy;

    /// <summary>To which accounts can be moved.</summary>
    public IReadOnlyList<PolicyName> Policies { get; private set; } = [];

    public string Back => IsOfUsers ? Users : Domain is { } domain ? $"{Home}/domains/{domain.Id}" : $"{Home}/members";

    public async Task<IActionResult> OnGet()
    {
        Input.Action = For;
        return await Load() ?? Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (Domain is not null && Input.Which == "all" && Input.Files.BesideAll(Input.Text) is { } beside)
        {
            Input.Which = "list";
            return ShowError(beside);
        }
        var draft = IsOfUsers ? await DraftOfUsers() : await DraftOfAccounts();
        if (draft.Granted) return LocalRedirect(IsOfUsers ? $"{Users}/changes/{draft.Value}" : $"{Home}/bulk/{draft.Value}");
        return draft.Refusal is NoSuchAction ? ShowError(draft.Refusal, nameof(Form.Action))
            : ShowError(draft.Refusal is NothingChosen or NobodyChosen or FileEmpty ? new NoList() : draft.Refusal,
                Input.Files.Count > 0 ? nameof(Form.Files) : nameof(Form.Text));
    }

    async Task<Outcome<BulkDraftId>> DraftOfUsers() => ChangeWords.Parse(Input.Action) is not { } words
        ? new NoSuchAction()
        : await Input.Files.AsAddresses(Input.Text, list =>
            Execute(new DraftChangeByList(Organization, Site, words.Change, list, Origin)));

    async Task<Outcome<BulkDraftId>> DraftOfAccounts()
    {
        if ((Domain is null ? menu.Parse(Input.Action) : (ManyAccounts.Unclaim, null)) is not var (wanted, target))
            return new NoSuchAction();
        return Domain is { } domain && Input.Which == "all"
            ? await Execute(new BeginClaim(Organization, domain.Id, null, Origin, Unclaim: true))
            : await Input.Files.AsAddresses(Input.Text, list =>
                Execute(new PrepareBulkByList(Organization, wanted, list, Origin, Domain?.Id) { Target = target }));
    }

    async Task<IActionResult?> Load()
    {
        if (IsOfUsers) return null;
        Policies = await Send(new ReadPolicyNames(Organization));
        return DomainId is { } id ? await Find(new ReadDomain(Organization, new(id)), found => Domain = found) : null;
    }

    public sealed class Form
    {
        public string? Action { get; set; }

        /// <summary>"all" for all of the domain.</summary>
        public string? Which { get; set; }

        public List<IFormFile> Files { get; set; } = [];
        public string? Text { get; set; }
    }
}

sealed record NoList() : Refusal("noFile", "Choose a file, or paste the email addresses.");
