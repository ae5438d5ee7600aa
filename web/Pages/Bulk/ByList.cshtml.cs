namespace DirectoryPlatform.Web.Pages.Bulk;

/// <summary>Any action on the managed accounts that files or pasted text name (SPEC M11, C6); from a domain's page on those of the domain,
/// and on all of them where that is asked for.</summary>
[Requires(Permission.ManageAccounts)]
public sealed class ByListModel(IMediator mediator) : OrganizationPage(mediator)
{
    /// <summary>Which action the page is opened for.</summary>
    [FromQuery(Name = "for")] public string? For { get; set; }

    /// <summary>The domain whose accounts are unclaimed; null for all managed accounts.</summary>
    [FromQuery(Name = "domain")] public Guid? DomainId { get; set; }

    [BindProperty] public Form Input { get; set; } = new();

    public IReadOnlyList<PolicyName> Policies { get; private set; } = [];
    public DomainView? Domain { get; private set; }
    public string Back => Domain is { } domain ? $"{Home}/domains/{domain.Id}" : $"{Home}/members";

    public async Task<IActionResult> OnGet()
    {
        Input.Action = Domain is null ? For : ManyAccounts.Unclaim;
        return await Load() ?? Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var (wanted, target) = Domain is null ? BulkMenu.Parse(Input.Action) ?? ("", null) : (ManyAccounts.Unclaim, null);
        if (wanted.Length == 0) return ShowError(new NoSuchAction(), nameof(Form.Action));
        var outcome = Domain is { } domain && Input.Which == "all"
            ? await Execute(new BeginClaim(Organization, domain.Id, null, Origin, Unclaim: true))
            : await Input.Files.AsAddresses(Input.Text, list =>
                Execute(new PrepareBulkByList(Organization, wanted, list, Origin, Domain?.Id) { Target = target }));
        return outcome.Granted ? LocalRedirect($"{Home}/bulk/{outcome.Value}")
            : ShowError(outcome.Refusal is NothingChosen or FileEmpty ? new NoList() : outcome.Refusal,
                Input.Files.Count > 0 ? nameof(Form.Files) : nameof(Form.Text));
    }

    async Task<IActionResult?> Load()
    {
        Policies = await Send(new ReadPolicyNames(Organization));
        if (DomainId is not { } id) return null;
        var domain = await Send(new ReadDomain(Organization, new(id)));
        if (!domain.Granted) return ShowError(domain.Refusal);
        Domain = domain.Value;
        return null;
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
