namespace DirectoryPlatform.Web.Pages.Access.Invitations;

/// <summary>
/// The link of an invitation (SPEC U3). It only shows what it is about: mail scanners follow links. Whoever has an account joins when
/// signed in; whoever has none chooses a password, which makes the account, as the link came to its mailbox.
/// </summary>
[Requires(Permission.Anyone)]
[Door("invitation", Handlers = [""])]
[NoDoor("Leads whoever is not signed in to the sign-in.", Handlers = ["Join"])]
public sealed class AcceptModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null);
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }

    /// <summary>Null for a void link.</summary>
    public InvitationView? View { get; private set; }

    /// <summary>Of a link that was followed to its end; null for any other.</summary>
    public InvitationAccepted? Accepted { get; private set; }

    public string? Me => Visitor?.Email;
    public string Here => $"/invitation?token={Uri.EscapeDataString(Token ?? "")}";

    public async Task OnGet() => await Load();

    /// <summary>Signed in, with the invited address.</summary>
    public async Task<IActionResult> OnPostJoin()
    {
        if (Visitor is null) return LocalRedirect($"/sign-in?returnTo={Uri.EscapeDataString(Here)}");
        var outcome = await Execute(new AcceptInvitation(Token, Visitor.Account, Origin));
        if (outcome.Granted) return RedirectWithNotice("You have joined the site.", "/account/sites");
        return await Refuse(outcome.Refusal);
    }

    /// <summary>A new person.</summary>
    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new JoinByInvitation(Token, Input.Name, Input.Password, Origin));
        if (outcome.Granted)
            return RedirectWithNotice("Your account was created. Sign in with the password you just chose.",
                "/sign-in?returnTo=%2Faccount%2Fsites");
        return await Refuse(outcome.Refusal);
    }

    /// <summary>Whoever is in already, by a second click, is refused nothing.</summary>
    async Task<IActionResult> Refuse(Refusal why)
    {
        await Load();
        if (Accepted is not null) return Page();
        // That somebody joined is no news for whoever the link does not say it to.
        return ShowError(why is InvitationAccepted ? new InvitationVoid() : why);
    }

    async Task Load()
    {
        var read = await Send(new ReadInvitation(Token, Visitor?.Account));
        (View, Accepted) = (read.Granted ? read.Value : null, read.Refusal as InvitationAccepted);
    }

    public sealed record Form(string? Name, string? Password);
}
