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
        SecurityActions.DeviceLoggedOut => "Was signed out of a device",
        SecurityActions.ApiTokenCreated => "An API token was created",
        SecurityActions.ApiTokenRevoked => "An API token was revoked",
        SecurityActions.ApiKeyCreated => "Created an API key of the organization",
        SecurityActions.DeviceCodeConfirmed => "Confirmed a program’s code for an API key",
        SecurityActions.DeviceCodeRefused => "Refused a program’s code for an API key",
        SecurityActions.ApiKeyRevoked => "An API key of the organization that acted for this account was revoked",
        SecurityActions.ApiKeyTakenOver => "Took over an API key of the organization",
        SecurityActions.RefreshTokenReused => "A device was signed out: its refresh token was used twice",
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

    public static bool IsByProvider(HistoryLine line) => line.Means.StartsWith($"{ProvisioningGrant.Means} ", StringComparison.Ordinal);

    /// <summary>By which means, where it is not what people do on pages; null for that.</summary>
    public static string? Means(HistoryLine line) => line.Means switch
    {
        "job" => "As part of a job",
        "web" => null,
        _ when line.Actor is null => null,
        var means when means.StartsWith(Visitor.KeyMeans, StringComparison.Ordinal) => "With an API key",
        var means => $"Via {means}",
    };

    /// <summary>What is worth a line of its own: not what the sentence or the reason says already, nor what only a machine can
    /// read.</summary>
    public static IEnumerable<string> Changes(AuditEvent row, AuditSentence sentence) =>
        row.Line.History is { Action: nameof(AccountSignedUp) }
            ? []
            : row.Line.History.Changes.Where(c => !MachinesOnly.Contains(c.Field) && c.Before != c.After
                && (c.After is null || c.After != row.Line.History.Why)
                && !(sentence.Said.Contains(c.Field) && (c.Before is null || c.After is null)))
                .Select(c => Of(AuditValues.Field(c.Field), AuditValues.Shown(row, c.Field, c.Before, c.IsJson.Before),
                    AuditValues.Shown(row, c.Field, c.After, c.IsJson.After)));

    /// <summary>Ids; the sentence says what they mean.</summary>
    static readonly HashSet<string> MachinesOnly = ["managedBy", "adminOf", "excludedBy", "picture", "site", "roles", "key", "scopes"];

    /// <summary>"State: Active → Deactivated"</summary>
    static string Of(string field, string? before, string? after) => (before, after) switch
    {
        (null, _) => $"{field}: {after}",
        (_, null) => $"{field}: no longer {before}",
        _ => $"{field}: {before} → {after}",
    };

    static string Spaced(string fact) =>
        string.Concat(fact.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
}
