namespace DirectoryPlatform.Web.Pages.Security.Provisioning;

/// <summary>Two identities of a provider at one address: an admin says whether they are one person (SPEC A16).</summary>
[Requires(Permission.ManageProvisioning, Fresh = true)]
public sealed class IdentityModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid DirectoryId { get; set; }

    public IdentityDirectoryId Directory => new(DirectoryId);
    public string Path => $"{Home}/identity-providers/{DirectoryId}";
    public IdentityDirectoryDetail View { get; private set; } = null!;

    Task<IActionResult?> Load() => Find(new ReadIdentityDirectory(Organization, Directory), found => View = found);

    [FromRoute] public Guid AccountId { get; set; }
    [BindProperty] public Form Input { get; set; } = new(null);

    public IdentityQuestion Question { get; private set; } = null!;

    public async Task<IActionResult> OnGet() => await LoadQuestion() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await LoadQuestion() is { } elsewhere) return elsewhere;
        if (Input.Answer is not ("same" or "other")) return ShowError(new InvalidValue("", "Choose one of the two options."));
        var same = Input.Answer == "same";
        var outcome = await Execute(new AnswerIdentityQuestion(Organization, Directory, new AccountId(AccountId), same, Origin)
        {
            Asker = Visitor!.AdminOf,
        });
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        return RedirectWithNotice(same
            ? $"{Question.Name} will be linked at the provider’s next attempt. All existing ways to sign in to the account have been "
                + "revoked."
            : $"The account of {Question.Name} has lost the address. The provider’s next attempt creates a new account.", Path);
    }

    async Task<IActionResult?> LoadQuestion()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (View.Questions.FirstOrDefault(q => q.Account.Value == AccountId) is not { } question)
            return RedirectWithNotice("This was already decided, or the account now has another address.", Path);
        Question = question;
        return null;
    }

    public sealed record Form(string? Answer);
}
