namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Another password for the own account (SPEC S1, A12).</summary>
[Requires(Permission.OwnAccount)]
public sealed class OwnPasswordModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new();

    /// <summary>Whether the organization's identity provider signs in, so that there is no password to change.</summary>
    public bool AtProvider { get; private set; }

    /// <summary>Labels of the API tokens that work.</summary>
    public IReadOnlyList<string> Tokens { get; private set; } = [];

    public async Task OnGet()
    {
        AtProvider = await Send(new ReadProviderOf(Visitor!.Account)) is not null;
        Tokens = (await Send(new ReadMyWaysIn(Visitor.Account))).ApiTokens;
        // Preset (SPEC A14): whoever wishes to keep them says so. A form's unchecked box sends nothing.
        Input.RevokeTokens = !HttpMethods.IsPost(Request.Method) || Input.RevokeTokens;
    }

    public async Task<IActionResult> OnPost()
    {
        await OnGet();
        var changed = await Execute(new ChangePassword(Visitor!.Account, Visitor.Session, Input.Current, Input.Password, Origin)
        {
            KeepApiTokens = Tokens.Count > 0 && !Input.RevokeTokens,
        });
        return RedirectOrShow(changed, "Your password is changed. You are signed out everywhere else.", AccountModel.Path);
    }

    public sealed class Form
    {
        public string? Current { get; set; }
        public string? Password { get; set; }
        public bool RevokeTokens { get; set; }
    }
}
