namespace DirectoryPlatform.Web.Words;

/// <summary>What an event is to somebody who looks for trouble.</summary>
public enum EventClass { Access, Account, Destructive, Security, Settings }

/// <summary>A piece of a sentence.</summary>
/// <param name="IsName">Stands out: of somebody or something.</param>
/// <param name="Href">Its page; null where it has none, or is gone.</param>
public readonly record struct Piece(string Text, bool IsName = false, string? Href = null);

/// <summary>An entry of the audit log in one sentence that names who, what and whom (SPEC L4).</summary>
public sealed record AuditSentence(EventClass Class, IReadOnlyList<Piece> Pieces)
{
    public string Text => string.Concat(Pieces.Select(p => p.Text));

    public (string Icon, string Tone, string Label) Mark => MarkOf(Class);

    public static (string Icon, string Tone, string Label) MarkOf(EventClass @class) => @class switch
    {
        EventClass.Security => ("shield-check", "busy", "Security"),
        EventClass.Access => ("key-round", "managed", "Access"),
        EventClass.Destructive => ("trash-2", "bad", "Destructive"),
        EventClass.Settings => ("settings", "quiet", "Settings"),
        EventClass.Account => ("circle-user-round", "good", "Account"),
    };

    /// <summary>The fields whose values it says.</summary>
    public IReadOnlySet<string> Said { get; private init; } = new HashSet<string>();

    /// <param name="home">Of the organization, such as "/o/…"; null for who may open none of its pages.</param>
    /// <param name="here">Of whom the page is, so that nothing leads to it; null for none.</param>
    public static AuditSentence Of(AuditEvent row, string? home, Guid? here = null)
    {
        var (kind, text) = AuditSentences.Of(row.Line);
        var names = new EntryNames(row, home, here);
        var said = new HashSet<string>();
        List<Piece> pieces = [];
        for (var at = 0; at < text.Length;)
        {
            var (open, close) = (text.IndexOf('{', at), text.IndexOf('}', at));
            if (open < 0) (open, close) = (text.Length, text.Length);
            if (open > at) pieces.Add(new(text[at..open]));
            if (open < text.Length)
            {
                var place = text[(open + 1)..close];
                pieces.Add(names.Of(place));
                said.Add(place);
            }
            at = close + 1;
        }
        if (pieces is [{ IsName: false, Text: [var first, .. var rest] } lower, ..] && char.IsLower(first))
            pieces[0] = lower with { Text = $"{char.ToUpperInvariant(first)}{rest}" };
        return new(kind, pieces) { Said = said };
    }
}

/// <summary>Names and pages of what stands in braces in a sentence.</summary>
sealed class EntryNames(AuditEvent row, string? home, Guid? here)
{
    AuditLine Line => row.Line;

    public Piece Of(string place) => place switch
    {
        "actor" => Actor(),
        "target" => Target("a deleted account"),
        "site" => Site(),
        "app" => new(Value("app") is { } app ? row.Names.GetValueOrDefault(app, app) : "an app", true),
        "job" => Job(),
        "role" => new(Value("role") is { } role ? role.ToLowerInvariant() : "none", true),
        DomainChecked.Seen => new((AuditValues.Shown(row, place, Value(place), isJson: false) ?? "").ToLowerInvariant()),
        "roles" => new(AuditValues.Shown(row, "roles", Value("roles"), isJson: true) is { } roles ? $" ({roles})" : ""),
        "detail" => new(DetailLabel.OfField(Line.History.Changes.FirstOrDefault()?.Field ?? "")?.Label.ToLowerInvariant() ?? "details"),
        _ when place.StartsWith("a deleted ", StringComparison.Ordinal) => Target(place),
        _ => Value(place) is { } value ? new(value, true) : new("(unknown)"),
    };

    Piece Actor() => (Line.History.Actor, Line.Actor) switch
    {
        ({ } name, { } id) => new(name, true, Person(id)),
        (null, { }) => new("A deleted account", true),
        _ => new(Line.Provider ?? (HistoryLabels.IsByProvider(Line.History) ? "An identity provider" : "The platform"), true),
    };

    Piece Target(string gone)
    {
        var name = Line.SubjectName ?? Line.Was ?? row.Names.GetValueOrDefault($"{Line.Subject}") ?? Value("name") ?? Value("email")
            ?? Value("url");
        return name is null ? new(gone) : new(name, true, Line.SubjectName is null || home is null ? null : Line.Kind switch
        {
            AuditSubject.Account => Person(Line.Subject),
            AuditSubject.Domain => $"{home}/domains/{Line.Subject}",
            AuditSubject.Group => $"{home}/groups/{Line.Subject}",
            AuditSubject.Policy => $"{home}/policies/{Line.Subject}",
            AuditSubject.Job => $"{home}/jobs/{Line.Subject}",
            AuditSubject.IdentityDirectory => $"{home}/identity-providers/{Line.Subject}",
            AuditSubject.Site => $"{home}/sites/{Line.Subject}",
            _ => null,
        });
    }

    Piece Site() => Value("site") is not { } id ? new("a site")
        : row.Names.TryGetValue(id, out var name)
            ? new(name, true, home is not null && row.Sites.Contains(id) ? $"{home}/sites/{id}" : null)
        : new("a deleted site");

    /// <summary>What its title asks for, as far as it was done: "claimed 202 accounts", "claimed 57 of 202 accounts". Of a job that goes
    /// on, or ended before it did anything, what was asked for.</summary>
    Piece Job()
    {
        if (row.Job is not { } job) return new("started a job");
        var title = job.Title.StartsWith(Undo, StringComparison.Ordinal) ? job.Title[Undo.Length..] : job.Title;
        var (verb, done) = Done.FirstOrDefault(d => title.StartsWith($"{d.Verb} ", StringComparison.OrdinalIgnoreCase));
        var hasDone = job.State is JobState.Done
            || (job.State is JobState.Cancelled or JobState.Failed && job.Deed is var (some, _) && some > 0);
        if (verb is null || !hasDone) return new($"started “{job.Title}”");
        var words = done + title[verb.Length..];
        if (job.Deed is var (did, announced) && did != announced) words = Counted(words, did, announced);
        return new(title == job.Title ? words : $"{words}, to undo another job");
    }

    /// <summary>With the number that it came to in the place of the one that was announced.</summary>
    static string Counted(string words, long did, long announced)
    {
        var (told, at) = ($" {announced.Grouped()} ", words.IndexOf($" {announced.Grouped()} ", StringComparison.Ordinal));
        if (at < 0) return words;
        var (before, rest) = (words[..at], words[(at + told.Length)..]);
        if (did < announced) return $"{before} {did.Grouped()} of {announced.Grouped()} {rest}";
        foreach (var (one, many) in announced == 1 ? Nouns : [])
            if (rest.StartsWith(one, StringComparison.Ordinal)) rest = many + rest[one.Length..];
        return $"{before} {did.Grouped()} {rest}";
    }

    const string Undo = "Undo: ";

    /// <summary>Of what there can be more than one was announced of.</summary>
    static readonly (string One, string Many)[] Nouns = [("account", "accounts"), ("user", "users"), ("person", "people")];

    /// <summary>How titles begin.</summary>
    static readonly (string Verb, string Done)[] Done =
    [
        ("Claim", "claimed"), ("Unclaim", "unclaimed"), ("Deactivate", "deactivated"), ("Reactivate", "reactivated"),
        ("Delete", "scheduled the deletion of"), ("Cancel", "cancelled"), ("Sign out", "signed out"), ("Invite", "invited"),
        ("Move", "moved"), ("Reset", "reset"), ("Revoke", "revoked"), ("Suspend", "suspended"), ("Restore", "restored"),
        ("Remove", "removed"), ("Export", "exported"),
    ];

    string? Person(Guid id) => home is null || id == here ? null : row.People.GetValueOrDefault(id) switch
    {
        PersonPlace.ManagedAccounts => $"{home}/members/{id}",
        PersonPlace.Users => $"{home}/users/{id}",
        _ => null,
    };

    string? Value(string field) =>
        Line.History.Changes.FirstOrDefault(c => c.Field == field) is { } change ? change.After ?? change.Before : null;
}

/// <summary>The sentences. In braces: whom and what the entry names.</summary>
static class AuditSentences
{
    public static (EventClass Class, string Text) Of(AuditLine line)
    {
        var (kind, by, own) = Of(line.History.Action);
        var its = line.History.Changes;
        by = line.History.Action switch
        {
            nameof(PictureChanged) when its.Any(c => c is { Field: "picture", After: null }) => "{actor} removed the picture of {target}",
            nameof(DomainChecked) when its.Any(c => c.Field == DomainChecked.Seen) => $"{by}: {{{DomainChecked.Seen}}}",
            SiteActions.GroupAccessChanged when its.Any(c => c is { Field: "role", After: null, Before: not null }) =>
                "{actor} removed {app} on {site} from the group {a deleted group}",
            SiteActions.SiteGroupsAllowed when its.Any(c => c is { Field: "allowed", After: "false" }) =>
                "{actor} no longer allows site admins to give groups",
            ProvisioningActions.ProviderRecordChanged when line.Provider is null => "An identity provider changed its record of {target}",
            ReportingActions.UsersExported when line.Kind is AuditSubject.Organization => "{actor} exported the users of all sites",
            _ => by,
        };
        return (kind, line.Actor == line.Subject && own is not null ? own : by);
    }

    /// <summary>Of a kind of entry.</summary>
    public static EventClass ClassOf(string action) => Of(action).Class;

    /// <param name="Own">What it is called where somebody did it to themselves; null for the same.</param>
    static (EventClass Class, string By, string? Own) Of(string action) => action switch
    {
        nameof(AccountSignedUp) => (EventClass.Account, "the account of {target} was created", "{target} signed up"),
        nameof(EmailAddressVerified) => (EventClass.Account, "the email address of {target} was verified",
            "{target} verified the email address"),
        nameof(AccountDeactivated) => (EventClass.Destructive, "{actor} deactivated {target}", null),
        nameof(AccountReactivated) => (EventClass.Account, "{actor} reactivated {target}", null),
        nameof(DeletionScheduled) => (EventClass.Destructive, "{actor} scheduled {target} for deletion",
            "{target} scheduled the deletion of their own account"),
        nameof(DeletionCancelled) => (EventClass.Account, "{actor} cancelled the deletion of {target}",
            "{target} cancelled the deletion of their own account"),
        nameof(AccountErased) => (EventClass.Destructive, "the personal data of {target} was erased", null),
        nameof(AccountClaimed) => (EventClass.Account, "{actor} claimed {target}", "{target} was claimed"),
        nameof(AccountUnclaimed) => (EventClass.Account, "{actor} unclaimed {target}", null),
        nameof(AccountExcluded) => (EventClass.Account, "{actor} added {target} to the exclusion list", null),
        nameof(AccountReadmitted) => (EventClass.Account, "{actor} removed {target} from the exclusion list", null),
        nameof(OrganizationAdminAppointed) => (EventClass.Access, "{actor} made {target} an organization admin",
            "{target} became an organization admin"),
        nameof(OrganizationAdminDismissed) => (EventClass.Access, "{actor} removed {target} as an organization admin",
            "{target} stepped down as an organization admin"),
        nameof(DetailChanged) => (EventClass.Account, "{actor} changed the {detail} of {target}", "{target} changed their own {detail}"),
        nameof(PictureChanged) => (EventClass.Account, "{actor} changed the picture of {target}", null),
        nameof(EmailAddressChanged) => (EventClass.Account, "{actor} changed the email address of {target} to {email}",
            "{target} changed their own email address to {email}"),
        nameof(AddressWithdrawn) => (EventClass.Destructive, "{target} lost the email address to another person", null),
        nameof(AccountProvisioned) => (EventClass.Settings, "{actor} now manages details of {target}", null),
        nameof(AccountReleased) => (EventClass.Settings, "the identity provider no longer manages {target}", null),
        AccountActions.AccountsImported => (EventClass.Account, "{actor} imported accounts from a file", null),
        AccountActions.AccountsSeeded => (EventClass.Account, "{actor} created sample accounts", null),
        AccountActions.EmailChangeMailSent => (EventClass.Account, "a link to confirm another email address was sent to {target}", null),
        AccountActions.EmailChangeStopped => (EventClass.Security, "{target} stopped the change of the email address", null),
        AccountActions.VerificationMailSent => (EventClass.Account, "a verification email was sent to {target}", null),
        nameof(DomainAdded) => (EventClass.Settings, "{actor} added the domain {a deleted domain}", null),
        nameof(DomainChecked) => (EventClass.Settings, "{actor} checked the domain {a deleted domain}", null),
        nameof(DomainVerified) => (EventClass.Security, "{actor} verified the domain {a deleted domain}", null),
        nameof(DomainProofContested) => (EventClass.Security,
            "another organization showed the verification token of the domain {a deleted domain}", null),
        nameof(DomainTokenMissing) => (EventClass.Security, "the verification token of the domain {a deleted domain} is missing", null),
        nameof(DomainTokenFound) => (EventClass.Security, "the verification token of the domain {a deleted domain} was found again", null),
        nameof(DomainDeadlineNear) => (EventClass.Security, "the domain {a deleted domain} will soon lose its verification", null),
        nameof(DomainLapsed) => (EventClass.Destructive, "the domain {a deleted domain} lost its verification", null),
        nameof(DomainGivenUp) => (EventClass.Settings, "the domain {a deleted domain} is no longer checked automatically", null),
        nameof(DomainClaimingChosen) => (EventClass.Settings,
            "{actor} changed how new accounts on the domain {a deleted domain} are claimed", null),
        nameof(DomainSuperseded) => (EventClass.Security, "another organization verified the domain {a deleted domain}", null),
        nameof(DomainRemoved) => (EventClass.Destructive, "{actor} removed the domain {a deleted domain}", null),
        SiteActions.OrganizationCreated => (EventClass.Settings, "{actor} created the organization", null),
        SiteActions.OrganizationRenamed => (EventClass.Settings, "{actor} renamed the organization to {name}", null),
        SiteActions.OrganizationDeleted => (EventClass.Destructive, "{actor} deleted the organization", null),
        SiteActions.ExperienceChosen => (EventClass.Settings, "{actor} changed where users are managed", null),
        SiteActions.SiteGroupsAllowed => (EventClass.Access, "{actor} allowed site admins to give groups", null),
        SiteActions.MailWordingChanged => (EventClass.Settings, "{actor} changed the email branding", null),
        SiteActions.SiteCreated => (EventClass.Settings, "{actor} created the site {a deleted site}", null),
        SiteActions.SiteRenamed => (EventClass.Settings, "{actor} renamed the site {a deleted site}", null),
        SiteActions.SiteRemoved => (EventClass.Destructive, "{actor} removed the site {a deleted site}", null),
        SiteActions.AppPutOnSite => (EventClass.Settings, "{actor} added {app} to {a deleted site}", null),
        SiteActions.AppTakenOffSite => (EventClass.Destructive, "{actor} removed {app} from {a deleted site}", null),
        SiteActions.UserInvited => (EventClass.Access, "{actor} invited {target} to {site}{roles}", null),
        SiteActions.InvitationAccepted => (EventClass.Access, "{target} accepted the invitation to {site}", null),
        SiteActions.InvitationResent => (EventClass.Access, "{actor} resent the invitation of {target} to {site}", null),
        SiteActions.InvitationRevoked => (EventClass.Access, "{actor} revoked the invitation of {target} to {site}", null),
        SiteActions.UserAdded => (EventClass.Access, "{actor} added {target} to {site}{roles}", null),
        SiteActions.UserSuspended => (EventClass.Destructive, "{actor} suspended {target} on {site}", null),
        SiteActions.UserRestored => (EventClass.Access, "{actor} restored {target} on {site}", null),
        SiteActions.UserRemoved => (EventClass.Destructive, "{actor} removed {target} from {site}", "{target} left {site}"),
        SiteActions.AppRoleGiven => (EventClass.Access, "{actor} gave {target} the role {role} in {app} on {site}", null),
        SiteActions.AppRoleTaken => (EventClass.Access, "{actor} removed the role of {target} in {app} on {site}", null),
        SiteActions.SiteAdminAppointed => (EventClass.Access, "{actor} made {target} an admin of {site}", null),
        SiteActions.SiteAdminDismissed => (EventClass.Access, "{actor} removed {target} as an admin of {site}", null),
        SiteActions.AccessAdminAppointed => (EventClass.Access, "{actor} made {target} a user access admin of {app} on {site}", null),
        SiteActions.AccessAdminDismissed => (EventClass.Access, "{actor} removed {target} as a user access admin of {app} on {site}", null),
        SiteActions.GroupCreated => (EventClass.Access, "{actor} created the group {a deleted group}", null),
        SiteActions.GroupChanged => (EventClass.Access, "{actor} changed the group {a deleted group}", null),
        SiteActions.GroupDeleted => (EventClass.Destructive, "{actor} deleted the group {a deleted group}", null),
        SiteActions.GroupAccessChanged => (EventClass.Access,
            "{actor} gave the group {a deleted group} the role {role} in {app} on {site}", null),
        SiteActions.GroupExternalIdChanged => (EventClass.Settings, "{actor} changed its ID of the group {a deleted group}", null),
        SiteActions.GroupGivenBack => (EventClass.Settings, "the identity provider no longer manages the group {a deleted group}", null),
        SiteActions.AddedToGroup => (EventClass.Access, "{actor} added {target} to the group {group}", null),
        SiteActions.RemovedFromGroup => (EventClass.Access, "{actor} removed {target} from the group {group}", null),
        SiteActions.DetailsSuggested => (EventClass.Account, "{actor} suggested changes to the details of {target}", null),
        SiteActions.SuggestionAccepted => (EventClass.Account, "{target} accepted the suggested changes", null),
        SiteActions.SuggestionDeclined => (EventClass.Account, "{target} declined the suggested changes", null),
        SecurityActions.SignedIn => (EventClass.Security, "{target} signed in on {device}", null),
        SecurityActions.SignedOut => (EventClass.Security, "{target} signed out", null),
        SecurityActions.DeviceLoggedOut => (EventClass.Security, "{actor} signed {target} out of {device}",
            "{target} signed out of {device}"),
        SecurityActions.LoggedOutEverywhere => (EventClass.Security, "{actor} signed {target} out of all devices",
            "{target} signed out of all other devices"),
        SecurityActions.RefreshTokenReused => (EventClass.Security,
            "a device of {target} was signed out: its refresh token was used twice", null),
        SecurityActions.ApiTokenCreated => (EventClass.Security, "{target} created the API token {label}", null),
        SecurityActions.ApiTokenRevoked => (EventClass.Security, "{actor} revoked the API token {label} of {target}",
            "{target} revoked the API token {label}"),
        SecurityActions.ApiTokensRevoked => (EventClass.Security, "API tokens of {target} were revoked with the password change: {labels}",
            null),
        SecurityActions.ApiKeyCreated => (EventClass.Security, "{actor} created the API key {name}", null),
        SecurityActions.DeviceCodeConfirmed => (EventClass.Security, "{actor} confirmed the code of {name}", null),
        SecurityActions.DeviceCodeRefused => (EventClass.Security, "{actor} refused the code of {name}", null),
        SecurityActions.ApiKeyRevoked => (EventClass.Security, "{actor} revoked the API key {name}", null),
        SecurityActions.ApiKeyTakenOver => (EventClass.Security, "{actor} took over the API key {name}", null),
        SecurityActions.PasswordChanged => (EventClass.Security, "{target} changed the password", null),
        SecurityActions.PasswordSetByLink => (EventClass.Security, "{target} set a new password by an emailed link", null),
        SecurityActions.PasswordSetAtSignIn => (EventClass.Security, "{target} set a new password at sign-in", null),
        SecurityActions.PasswordReset => (EventClass.Security, "{actor} reset the password of {target}", null),
        SecurityActions.PasswordResetMailSent => (EventClass.Security, "a password reset link was sent to {target}", null),
        SecurityActions.CredentialsTakenBack => (EventClass.Security,
            "everything set up since the email change of {target} was removed", null),
        SecurityActions.CredentialsVoided => (EventClass.Security, "{actor} revoked all credentials of {target}", null),
        SecurityActions.TwoStepTurnedOn => (EventClass.Security, "{target} turned on two-step verification", null),
        SecurityActions.TwoStepTurnedOff => (EventClass.Security, "{target} turned off two-step verification", null),
        SecurityActions.TwoStepReset => (EventClass.Security, "{actor} reset two-step verification of {target}", null),
        SecurityActions.RecoveryCodesReplaced => (EventClass.Security, "{target} created new recovery codes", null),
        SecurityActions.RecoveryCodeUsed => (EventClass.Security, "{target} signed in with a recovery code", null),
        SecurityActions.PolicyAssigned => (EventClass.Security, "{actor} moved {target} to the policy {policy}", null),
        SecurityActions.PolicyCreated => (EventClass.Security, "{actor} created the policy {a deleted policy}", null),
        SecurityActions.PolicyChanged => (EventClass.Security, "{actor} changed the policy {a deleted policy}", null),
        SecurityActions.PolicyDeleted => (EventClass.Destructive, "{actor} deleted the policy {a deleted policy}", null),
        SecurityActions.PolicyRuleAdded => (EventClass.Security, "{actor} added a rule to the policy {a deleted policy}", null),
        SecurityActions.PolicyRuleRemoved => (EventClass.Security, "{actor} removed a rule from the policy {a deleted policy}", null),
        SecurityActions.IdentityProviderProposed => (EventClass.Security, "{actor} saved settings of single sign-on", null),
        SecurityActions.IdentityProviderInForce => (EventClass.Security, "{actor} activated single sign-on", null),
        SecurityActions.IdentityProviderWithdrawn => (EventClass.Security, "{actor} discarded settings of single sign-on", null),
        SecurityActions.IdentityProviderRemoved => (EventClass.Destructive, "{actor} removed single sign-on", null),
        ProvisioningActions.IdentityDirectoryCreated => (EventClass.Settings,
            "{actor} connected the identity provider {a deleted directory}", null),
        ProvisioningActions.IdentityDirectoryRemoved => (EventClass.Destructive,
            "{actor} removed the identity provider {a deleted directory}", null),
        ProvisioningActions.ProvisioningTokenRenewed => (EventClass.Security,
            "{actor} renewed the token of the identity provider {a deleted directory}", null),
        ProvisioningActions.IdentityRuleChosen => (EventClass.Settings,
            "{actor} changed how the identity provider {a deleted directory} recognizes people", null),
        ProvisioningActions.ProviderRecordChanged => (EventClass.Account, "{actor} changed its record of {target}", null),
        ProvisioningActions.IdentitiesJoined => (EventClass.Account, "{actor} confirmed that {target} is the same person", null),
        ProvisioningActions.IdentitiesSeparated => (EventClass.Account, "{actor} confirmed that {target} is someone else", null),
        WebhookActions.WebhookCreated => (EventClass.Settings, "{actor} created the webhook {a deleted webhook}", null),
        WebhookActions.WebhookDeleted => (EventClass.Destructive, "{actor} deleted the webhook {a deleted webhook}", null),
        WebhookActions.WebhookPaused => (EventClass.Settings, "{actor} paused the webhook {a deleted webhook}", null),
        WebhookActions.WebhookResumed => (EventClass.Settings, "{actor} resumed the webhook {a deleted webhook}", null),
        WebhookActions.WebhookSentAgain => (EventClass.Settings, "{actor} retried a delivery of the webhook {a deleted webhook}", null),
        ReportingActions.AccountsExported or ReportingActions.AccountsExportBegun => (EventClass.Access, "{actor} exported accounts", null),
        ReportingActions.UsersExported => (EventClass.Access, "{actor} exported the users of {a deleted site}", null),
        ReportingActions.UsersExportBegun => (EventClass.Access, "{actor} exported users", null),
        ReportingActions.AuditLogExported => (EventClass.Access, "{actor} exported the audit log", null),
        ReportingActions.SealedLogExported => (EventClass.Access, "{actor} exported the sealed audit log", null),
        KernelActions.JobBegun => (EventClass.Account, "{actor} {job}", null),
        KernelActions.JobCancelled => (EventClass.Settings, "{actor} cancelled the job {a deleted job}", null),
        KernelActions.JobResumed => (EventClass.Settings, "{actor} resumed the job {a deleted job}", null),
        KernelActions.MailRetried => (EventClass.Settings, "{actor} retried undelivered email", null),
        KernelActions.NameRenumbered => (EventClass.Settings, "{actor} renamed {was} to {name}", null),
        _ => (EventClass.Settings, $"{{actor}}: {HistoryLabels.Of(action)}", null),
    };
}
