namespace DirectoryPlatform.Web.Words;

/// <summary>Turns the history's facts into sentences.</summary>
static class HistoryLabels
{
    public static string Of(HistoryLine line) => line.Action switch
    {
        nameof(AccountSignedUp) => "The account was created",
        nameof(EmailAddressVerified) => "The email address was verified",
        nameof(AccountDeactivated) => "The account was deactivated",
        nameof(AccountReactivated) => "The account was reactivated",
        nameof(DeletionScheduled) => "The deletion was scheduled",
        nameof(DeletionCancelled) => "The deletion was cancelled",
        nameof(AccountErased) => "The personal data was erased",
        nameof(AccountClaimed) => "Your organization claimed the account",
        nameof(AccountUnclaimed) => "The account was unclaimed",
        nameof(AccountExcluded) => "The account was added to the exclusion list",
        nameof(AccountReadmitted) => "The account was removed from the exclusion list",
        nameof(OrganizationAdminAppointed) => "Became an admin of the organization",
        nameof(OrganizationAdminDismissed) => "Is no longer an admin of the organization",
        nameof(DetailChanged) => DetailLabel.OfField(line.Changes.FirstOrDefault()?.Field ?? "") is { } word
            ? $"{word.Label} was changed"
            : "A detail was changed",
        nameof(PictureChanged) => line.Changes.Any(c => c is { Field: "picture", After: null })
            ? "The picture was removed"
            : "The picture was changed",
        nameof(EmailAddressChanged) => "The email address was changed",
        AccountActions.EmailChangeMailSent => "A link to confirm another email address was sent",
        AccountActions.EmailChangeStopped => "The email address change was stopped from the current address",
        SecurityActions.CredentialsTakenBack =>
            "The previous email address was restored, and everything set up since the change was requested was removed",
        SecurityActions.ApiTokensRevoked => "API tokens were revoked with the password change",
        nameof(AccountProvisioned) => "An identity provider now manages details of the account",
        nameof(AccountReleased) => "The identity provider no longer manages the account",
        ProvisioningActions.ProviderRecordChanged => "The identity provider changed its own record",
        SecurityActions.CredentialsVoided => "Password, sessions, tokens, two-step verification and links were revoked",
        nameof(AddressWithdrawn) => "The account lost its email address, which now belongs to another person",
        ProvisioningActions.IdentitiesJoined => "An admin decided that it is the same person",
        ProvisioningActions.IdentitiesSeparated => "An admin decided that it is someone else",
        SecurityActions.PolicyAssigned => "Was moved to another authentication policy",
        SiteActions.UserAdded => "Was added to a site",
        SiteActions.InvitationAccepted => "Accepted an invitation to a site",
        SiteActions.UserSuspended => "Was suspended on a site",
        SiteActions.UserRestored => "Was restored on a site",
        SiteActions.UserRemoved => "Was removed from a site",
        SiteActions.AppRoleGiven => "Was given a role in an app",
        SiteActions.AppRoleTaken => "Lost a role in an app",
        SiteActions.AddedToGroup => "Was added to a group",
        SiteActions.RemovedFromGroup => "Was removed from a group",
        SiteActions.SiteAdminAppointed => "Became an admin of a site",
        SiteActions.SiteAdminDismissed => "Is no longer an admin of a site",
        SiteActions.AccessAdminAppointed => "Became a user access admin",
        SiteActions.AccessAdminDismissed => "Is no longer a user access admin",
        SiteActions.DetailsSuggested => "Changes to the details were suggested",
        SiteActions.SuggestionAccepted => "Accepted the suggested changes",
        SiteActions.SuggestionDeclined => "Declined the suggested changes",
        SecurityActions.DeviceLoggedOut => "Was logged out of a device",
        SecurityActions.ApiTokenCreated => "An API token was created",
        SecurityActions.ApiTokenRevoked => "An API token was revoked",
        SecurityActions.ApiKeyCreated => "Created an API key of the organization",
        SecurityActions.ApiKeyRevoked => "An API key of the organization that acted for this account was revoked",
        SecurityActions.ApiKeyTakenOver => "Took over an API key of the organization",
        SecurityActions.RefreshTokenReused => "A device was logged out: its refresh token was used twice",
        AccountActions.VerificationMailSent => "A verification email was sent",
        SecurityActions.PasswordChanged => "The password was changed",
        SecurityActions.PasswordSetByLink => "A new password was set through an emailed link",
        SecurityActions.PasswordSetAtSignIn => "A new password was set at sign-in",
        SecurityActions.PasswordReset => "The password was reset: a new one is required at the next sign-in",
        SecurityActions.PasswordResetMailSent => "A link to set a new password was sent",
        SecurityActions.TwoStepTurnedOn => "Two-step verification was turned on",
        SecurityActions.TwoStepTurnedOff => "Two-step verification was turned off",
        SecurityActions.TwoStepReset => "Two-step verification was reset",
        SecurityActions.RecoveryCodesReplaced => "New recovery codes were created",
        SecurityActions.RecoveryCodeUsed => "Signed in with a recovery code",
        KernelActions.JobBegun => "A job was started",
        _ => Of(line.Action),
    };

    /// <summary>The name of a kind of action: spaced, "Account deactivated", where it is not called otherwise on pages.</summary>
    public static string Of(string action) => action switch
    {
        nameof(AccountExcluded) => "Account added to exclusion list",
        nameof(AccountReadmitted) => "Account removed from exclusion list",
        nameof(AccountReleased) => "Account released by identity provider",
        nameof(AddressWithdrawn) => "Email address lost to another person",
        nameof(OrganizationAdminAppointed) => "Organization admin added",
        nameof(OrganizationAdminDismissed) => "Organization admin removed",
        AccountActions.EmailChangeMailSent => "Email change link sent",
        AccountActions.VerificationMailSent => "Verification email sent",
        SecurityActions.CredentialsTakenBack => "Previous email address restored",
        SecurityActions.CredentialsVoided => "Credentials revoked",
        SecurityActions.IdentityProviderInForce => "Identity provider activated",
        SecurityActions.IdentityProviderProposed => "Identity provider settings saved",
        SecurityActions.IdentityProviderWithdrawn => "Identity provider settings discarded",
        SecurityActions.PasswordResetMailSent => "Password reset link sent",
        SecurityActions.TwoStepReset => "Two-step verification reset",
        SecurityActions.TwoStepTurnedOff => "Two-step verification turned off",
        SecurityActions.TwoStepTurnedOn => "Two-step verification turned on",
        ProvisioningActions.IdentitiesJoined => "Confirmed as the same person",
        ProvisioningActions.IdentitiesSeparated => "Confirmed as someone else",
        ProvisioningActions.IdentityRuleChosen => "Identity rule changed",
        SiteActions.AccessAdminAppointed => "User access admin added",
        SiteActions.AccessAdminDismissed => "User access admin removed",
        SiteActions.AppPutOnSite => "App added to site",
        SiteActions.AppTakenOffSite => "App removed from site",
        SiteActions.AppRoleTaken => "App role removed",
        SiteActions.DetailsSuggested => "Changes suggested",
        SiteActions.ExperienceChosen => "User management changed",
        SiteActions.GroupGivenBack => "Group released by identity provider",
        SiteActions.MailWordingChanged => "Email branding changed",
        SiteActions.SiteAdminAppointed => "Site admin added",
        SiteActions.SiteAdminDismissed => "Site admin removed",
        SiteActions.SiteGroupsAllowed => "Groups given by site admins",
        _ => Spaced(action).Replace("Api ", "API ", StringComparison.Ordinal).Replace(" begun", " started", StringComparison.Ordinal),
    };

    public static string Icon(HistoryLine line) => line.Action switch
    {
        nameof(AccountDeactivated) or nameof(DeletionScheduled) or nameof(AccountErased) => "user-x",
        nameof(AccountReactivated) or nameof(DeletionCancelled) or nameof(EmailAddressVerified) => "user-check",
        nameof(AccountClaimed) or nameof(AccountSignedUp) => "user-plus",
        nameof(AccountUnclaimed) => "user-minus",
        nameof(DetailChanged) or nameof(PictureChanged) => "pencil",
        nameof(EmailAddressChanged) or AccountActions.EmailChangeMailSent or AccountActions.EmailChangeStopped
            or AccountActions.VerificationMailSent => "mail",
        SecurityActions.PasswordChanged or SecurityActions.PasswordSetByLink or SecurityActions.PasswordSetAtSignIn
            or SecurityActions.PasswordReset or SecurityActions.PasswordResetMailSent or SecurityActions.CredentialsTakenBack => "lock",
        SecurityActions.TwoStepTurnedOn or SecurityActions.TwoStepTurnedOff or SecurityActions.TwoStepReset
            or SecurityActions.RecoveryCodesReplaced or SecurityActions.RecoveryCodeUsed => "shield-check",
        _ => "history",
    };

    public static bool IsByProvider(HistoryLine line) => line.Means.StartsWith($"{ProvisioningGrant.Means} ", StringComparison.Ordinal);

    /// <summary>"by Ada Admin on the website", "by the platform".</summary>
    public static string Author(HistoryLine line) => (line.Actor, line.Means) switch
    {
        (null, "job") => "by a job",
        (null, _) when IsByProvider(line) => "by the identity provider",
        (null, _) => "by the platform",
        ({ } actor, "web") => $"by {actor}",
        ({ } actor, "job") => $"by {actor}, as part of a job",
        ({ } actor, var means) when means.StartsWith(Visitor.KeyMeans, StringComparison.Ordinal) => $"by {actor}, with an API key",
        ({ } actor, var means) => $"by {actor}, {means}",
    };

    /// <summary>What is worth a line of its own: not what the sentence or the reason says already,
    /// nor what only a machine can read.</summary>
    public static IEnumerable<string> Changes(HistoryLine line) => line.Action is nameof(AccountSignedUp)
        ? []
        : line.Changes.Where(c => !MachinesOnly.Contains(c.Field) && (c.After is null || c.After != line.Why)).Select(Of);

    /// <summary>Ids; the sentence says what they mean.</summary>
    static readonly HashSet<string> MachinesOnly = ["managedBy", "adminOf", "excludedBy", "picture", "site", "roles", "key", "scopes"];

    /// <summary>"State: Active → Deactivated"</summary>
    static string Of(HistoryChange change) => (Spaced(Capital(change.Field)), change.Before, change.After) switch
    {
        (var field, null, var after) => $"{field}: {after}",
        (var field, var before, null) => $"{field}: no longer {before}",
        var (field, before, after) => $"{field}: {before} → {after}",
    };

    static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    static string Spaced(string fact) =>
        string.Concat(fact.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
}
