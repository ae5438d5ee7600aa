namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Another address for the own account, once it is confirmed (SPEC A12).</summary>
[Requires(Permission.OwnAccount, Fresh = true)]
public sealed class OwnEmailModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public string Now { get; private set; } = "";

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Execute(new RequestEmailChange(Visitor!.Account, Input.Email, Origin));
        return outcome.Granted
            ? RedirectWithNotice($"We have sent a link to {outcome.Value}.", AccountModel.Path)
            : ShowError(outcome.Refusal, nameof(Form.Email));
    }

    async Task<IActionResult?> Load()
    {
        var profile = await Send(new ReadProfile(Visitor!.Account, null, Visitor.Account));
        if (!profile.Granted) return NotFound();
        Now = profile.Value.Email ?? "";
        return profile.Value.EmailRefusal is { } refusal ? RedirectWithError(refusal, AccountModel.Path) : null;
    }

    public sealed record Form(string? Email);
}
