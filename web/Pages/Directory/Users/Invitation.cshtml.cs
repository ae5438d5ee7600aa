namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>An invitation that waits: send it again, or take it back (SPEC U3).</summary>
[Requires(Permission.ManageSiteUsers)]
public sealed class InvitationModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid InvitationId { get; set; }

    /// <summary>Whether the menu of the list's row is asked for.</summary>
    [FromQuery] public bool Menu { get; set; }

    public WaitingInvitation View { get; private set; } = null!;
    public string Path => $"{Home}/invitations/{InvitationId}";
    public string Back => $"{Home}/users";

    public async Task<IActionResult> OnGet()
    {
        var invitation = await Send(new ReadWaitingInvitation(Site!.Value, new(InvitationId), OfSiteAlone: !IsOrganizationAdmin));
        if (!invitation.Granted) return NotFound();
        View = invitation.Value;
        return Menu && WantsPart ? Partial("_InvitationMenu", this) : Page();
    }

    public async Task<IActionResult> OnPostResend() =>
        RedirectWithAnswer(await Execute(new ResendInvitation(Site!.Value, new(InvitationId), Origin)),
            "Invitation sent again. The earlier link no longer works.", Path);

    public async Task<IActionResult> OnPostRevoke() =>
        RedirectWithAnswer(await Execute(new RevokeInvitation(Site!.Value, new(InvitationId), Origin)),
            "Invitation revoked. Its link no longer works.", Back);
}
