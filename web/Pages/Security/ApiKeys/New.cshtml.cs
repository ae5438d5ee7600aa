namespace DirectoryPlatform.Web.Pages.Security.ApiKeys;

/// <summary>Makes an API key (SPEC P1). It is shown by the answer to the form and by nothing else: no redirect could carry it without
/// keeping it somewhere.</summary>
[Requires(Permission.ManageApiKeys, Fresh = true)]
public sealed class NewModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null, CreateApiKey.UsualDays.ToString(CultureInfo.InvariantCulture));

    public NewApiKey? Created { get; private set; }
    public string Back => $"{Home}/api-keys";

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new CreateApiKey(Organization, Visitor!.Account, Input.Name, Input.Scopes,
            int.TryParse(Input.Days, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null, Origin));
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        Created = outcome.Value;
        return Page();
    }

    /// <param name="Days">As typed.</param>
    public sealed record Form(string? Name, string[]? Scopes, string? Days);
}
