namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>One's own API tokens (SPEC S4). A new one is shown by the answer to its form and by nothing else: no redirect could carry it
/// without keeping it somewhere.</summary>
[Requires(Permission.OwnAccount, FreshToSend = true)]
public sealed class ApiTokensModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, CreateApiToken.UsualDays.ToString(CultureInfo.InvariantCulture));

    public ApiTokensView View { get; private set; } = null!;
    public NewApiToken? Created { get; private set; }

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        var outcome =
            await Execute(new CreateApiToken(Visitor!.Account, Input.Label,
                int.TryParse(Input.Days, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null, Origin));
        if (await Load() is { } elsewhere) return elsewhere;
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        Created = outcome.Value;
        // The form below is for the next one.
        ModelState.Clear();
        Input = new(null, CreateApiToken.UsualDays.ToString(CultureInfo.InvariantCulture));
        return Page();
    }

    async Task<IActionResult?> Load()
    {
        var tokens = await Send(new ReadApiTokens(Visitor!.Account, null));
        if (!tokens.Granted) return NotFound();
        View = tokens.Value;
        return null;
    }

    /// <param name="Days">As typed.</param>
    public sealed record Form(string? Label, string? Days);
}
