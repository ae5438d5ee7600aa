namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Asks for the password again before a form that is dangerous, and leads on to it; see <see cref="FreshProof"/>.</summary>
[OpensInDialog, Requires(Permission.OwnAccount)]
public sealed class ConfirmItIsYouModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);
    [BindProperty(SupportsGet = true)] public string? ReturnTo { get; set; }

    /// <summary>Set where the organization's identity provider asks instead: the path on the way there.</summary>
    public string? Provider { get; private set; }

    /// <summary>Set when the answer was right and a file was asked for: its path.</summary>
    public string? Download { get; private set; }

    public async Task OnGet() => Provider = await Send(new ReadProviderOf(Visitor!.Account)) is { } organization
        ? SingleSignOnEndpoints.PathTo(organization, LocalPath.OrHome(ReturnTo), "proof")
        : null;

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new ProveItIsYou(Visitor!, Input.Password, Origin));
        if (outcome.Granted) return GoOn(LocalPath.OrHome(ReturnTo));
        if (outcome.Refusal is SignsInAtProvider) await OnGet();
        return ShowError(outcome.Refusal, nameof(Form.Password));
    }

    /// <summary>
    /// A file is saved and leaves the browser where it was: then this page says what has happened,
    /// instead of standing there with its question answered.
    /// </summary>
    IActionResult GoOn(string path)
    {
        if (System.IO.Path.GetExtension(path.Split('?')[0]) is not (".csv" or ".jsonl")) return LocalRedirect(path);
        Download = path;
        Response.Headers["Refresh"] = $"0; url={path}";
        return Page();
    }

    public sealed record Form(string? Password);
}
