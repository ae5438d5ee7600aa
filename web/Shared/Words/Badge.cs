namespace DirectoryPlatform.Web.Words;

/// <summary>A status in words and the colour it is shown in.</summary>
/// <param name="Tone">"good", "wait", "bad", "quiet" or "busy": classes of site.css, each at AA contrast in both themes.</param>
public sealed record Badge(string Text, string Tone)
{
    public static Badge Of(AccountState state) => state switch
    {
        AccountState.Active => new("Active", "good"),
        AccountState.Unverified => new("Unverified", "wait"),
        AccountState.Deactivated => new("Deactivated", "quiet"),
        AccountState.PendingDeletion => new("Pending deletion", "bad"),
        AccountState.Deleted => new("Deleted", "quiet"),
    };

    public static Badge Of(DomainView domain) => domain switch
    {
        { State: DomainState.Unverified, ProvedWhileOwnedElsewhere: true } => new("Waiting for the other owner", "wait"),
        { State: DomainState.Unverified, LapsedAt: not null } => new("Lapsed", "bad"),
        _ => Of(domain.State),
    };

    public static Badge Of(DomainState state) => state switch
    {
        DomainState.Verified => new("Verified", "good"),
        DomainState.Unverified => new("Not verified", "wait"),
        DomainState.MissingToken => new("Token missing", "bad"),
        DomainState.Superseded => new("Taken over", "quiet"),
        DomainState.Removed => new("Removed", "quiet"),
    };

    public static Badge Of(UserStatus status) => status switch
    {
        UserStatus.Active => new("Active", "good"),
        UserStatus.Invited => new("Invited", "wait"),
        UserStatus.Suspended => new("Suspended", "bad"),
    };

    /// <summary>Of a membership whose account may be unable to act: it is kept and opens nothing (SPEC A17).</summary>
    /// <param name="state">Null for an invitation, which has no account yet.</param>
    public static Badge Of(UserStatus status, AccountState? state) =>
        status is UserStatus.Active && state is not (null or AccountState.Active) ? new("Dormant", "quiet") : Of(status);

    public static Badge OfTwoStep(SignInSecurity security) =>
        security.TwoStepSince is not null ? new("On", "good") : security.SingleSignOn ? AtProvider : new("Off", "quiet");

    /// <summary>Of an admin, who should have it.</summary>
    public static Badge OfTwoStep(OrganizationAdminView admin) =>
        admin.TwoStep ? new("On", "good") : admin.AtProvider ? AtProvider : new("Off", "wait");

    /// <summary>The second step of whoever signs in by single sign-on is the identity provider's.</summary>
    static Badge AtProvider => new("At the provider", "quiet");

    public static Badge Of(JobState state) => state switch
    {
        JobState.Queued => new("Queued", "wait"),
        JobState.Running => new("Running", "busy"),
        JobState.Cancelled => new("Cancelled", "quiet"),
        JobState.Failed => new("Failed", "bad"),
        JobState.Done => new("Done", "good"),
    };

    public static Badge Of(WebhookView webhook) => webhook switch
    {
        { Paused: true } => new("Paused", "quiet"),
        { Failure: not null } => new("Failing", "bad"),
        _ => new("Active", "good"),
    };
}
