namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>One's own account, and who manages it (SPEC A12, C5).</summary>
[Requires(Permission.OwnAccount)]
public sealed class AccountModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    public const string Path = "/account";

    public OwnAccountView View { get; private set; } = null!;

    /// <summary>What the person did last with the account.</summary>
    public HistoryView Lately { get; private set; } = null!;

    public long Devices { get; private set; }

    /// <summary>Those that have not expired.</summary>
    public long ApiTokens { get; private set; }

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
        if (await Send(new ReadDevices(Visitor.Account, null)) is { Granted: true, Value: var devices }) Devices = devices.Count;
        if (await Send(new ReadApiTokens(Visitor.Account, null)) is { Granted: true, Value: var tokens })
            ApiTokens = tokens.Tokens.Count(t => !t.Expired);
        Lately = new(await Send(new ReadOwnHistory(Visitor.Account)), null, Visitor.Account.Value);
        return Page();
    }
}

/// <param name="ManagedBy">The managing organization's name; null when the account is its person's own.</param>
/// <param name="PendingEmail">An address that waits to be confirmed.</param>
public sealed record OwnAccountView(ProfileView Profile, string? ManagedBy, IReadOnlyList<OrganizationView> Administers,
    string? PendingEmail, SignInSecurity Security);
