namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>Proposes details to somebody external (SPEC U7).</summary>
[Requires(Permission.ManageUsers)]
public sealed class SuggestModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }
    [BindProperty] public Form Input { get; set; } = new(null, null, null, null);

    public UserProfile Person { get; private set; } = null!;
    public string Back => $"{Home}/users/{AccountId}";

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var details = new Dictionary<AccountDetail, string?>
        {
            [AccountDetail.Name] = Input.Name,
            [AccountDetail.JobTitle] = Input.JobTitle,
            [AccountDetail.Department] = Input.Department,
            [AccountDetail.Location] = Input.Location
        };
        var outcome = await Execute(new SuggestDetails(Organization, new(AccountId), details, Origin));
        return outcome.Granted
            ? RedirectWithNotice($"{Person.Name} gets a mail. Nothing changes before it is accepted.", Back)
            : ShowError(outcome.Refusal);
    }

    async Task<IActionResult?> Load()
    {
        var person = await Send(new ReadUser(new(Organization), new(AccountId)));
        if (!person.Granted) return NotFound();
        Person = person.Value;
        return Person.Managed ? RedirectWithError(new UpdateInstead(), Back) : null;
    }

    public sealed record Form(string? Name, string? JobTitle, string? Department, string? Location);
}
