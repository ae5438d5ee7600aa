namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>One's own account, and who manages it (SPEC A12, C5).</summary>
[Requires(Permission.OwnAccount)]
public sealed class AccountModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    public const string Path = "/account";

    public OwnAccountView View { get; private set; } = null!;
    public bool ShowsMailbox => settings.Demo;

    public async Task<IActionResult> OnGet()
    {
        var profile = await Send(new ReadProfile(Visitor!.Account, null, Visitor.Account));
        if (!profile.Granted) return ShowError(profile.Refusal);
        var security = await Send(new ReadSignInSecurity(Visitor.Account, null, Visitor.Account));
        if (!security.Granted) return ShowError(security.Refusal);
        var manager = profile.Value.ManagedBy;
        var organizations = await Send(new ReadOrganizations([.. Visitor.AdminOf.Union(manager is { } m ? [m] : [])]));
        View = new OwnAccountView(
            profile.Value, manager is { } id ? organizations.FirstOrDefault(o => o.Id == id)?.Name ?? "An organization" : null,
            [.. organizations.Where(o => Visitor.AdminOf.Contains(o.Id))], await Send(new ReadPendingEmail(Visitor.Account)),
            security.Value);
        return Page();
    }
}

/// <param name="ManagedBy">The managing organization's name; null when the account is its person's own.</param>
/// <param name="PendingEmail">An address that waits to be confirmed.</param>
public sealed record OwnAccountView(ProfileView Profile, string? ManagedBy, IReadOnlyList<OrganizationView> Administers,
    string? PendingEmail, SignInSecurity Security);
