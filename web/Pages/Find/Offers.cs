namespace DirectoryPlatform.Web.Pages.Find;

/// <summary>What the palette offers besides what has a name, in the words of its button or page. Each leads to its page or confirmation,
/// which decides who may.</summary>
static class Offers
{
    public static IEnumerable<Hit> Actions(string home) =>
    [
        new("Invite users", $"{home}/users/invite"),
        new("Add domain", $"{home}/domains/add"),
        new("Create group", $"{home}/groups/new"),
        new("Add site", $"{home}/sites/new"),
        new("Create authentication policy", $"{home}/policies/new"),
        new("Create API key", $"{home}/api-keys/new"),
        new("Add admin", $"{home}/admins/appoint"),
        new("Add identity provider", $"{home}/identity-providers/new"),
        new("Claim accounts", $"{home}/domains", "Domains"),
        new("Update from list", $"{home}/members/bulk-list", "Managed accounts"),
        new("Export managed accounts", $"{home}/members/export"), new("Export users", $"{home}/users/export"),
    ];

    public static IEnumerable<Hit> SiteActions(string home) =>
    [
        new("Invite users", $"{home}/users/invite"), new("Update from list", $"{home}/users/change-list", "Users"),
        new("Export users", $"{home}/users/export"),
    ];

    /// <param name="home">Of the organization; null for who administers none.</param>
    public static IEnumerable<Hit> Pages(string? home) =>
    [
        .. home is null ? [] : (Hit[])[
            new("Deactivated accounts", $"{home}/members?status=deactivated", "Managed accounts"),
            new("Accounts pending deletion", $"{home}/members?status=pending-deletion", "Managed accounts"),
            new("Unverified accounts", $"{home}/members?status=unverified", "Managed accounts"),
            new("Webhooks", $"{home}/webhooks", "Security"),
        ],
        new("Your account", "/account"), new("Your devices", "/account/sessions"), new("Your API tokens", "/account/api-tokens"),
        new("Your sites and apps", "/account/sites"), new("Keyboard shortcuts", "/shortcuts"), new("API reference", "/api-reference"),
    ];
}

/// <summary>Somebody whom a name was found in.</summary>
/// <param name="Path">Of the profile.</param>
sealed record FoundPerson(AccountId Account, string Name, string Email, string Path)
{
    /// <summary>Of who is managed here; null for others.</summary>
    public AccountState? State { get; init; }

    /// <summary>Of who is a user that the visitor may manage; null for others.</summary>
    public UserStatus? Status { get; init; }

    /// <summary>Nobody does these things to the own account.</summary>
    public bool IsVisitor { get; init; }
}

/// <summary>"deac lia": what is to be done, and to whom.</summary>
/// <param name="Verb">The beginning of a word of <see cref="Rows"/>; null where none was typed, and <paramref name="Name"/> is all.</param>
sealed record ActionPhrase(string? Verb, string Name)
{
    /// <summary>Less than this begins too many words.</summary>
    const int LeastLetters = 3;

    /// <summary>The last word of the address, what it is called, and for whom it is there.</summary>
    static readonly (string Path, string Label, Func<FoundPerson, bool> Fits)[] Rows =
    [
        ("deactivate", "Deactivate", p => p.State is AccountState.Active),
        ("reactivate", "Reactivate", p => p.State is AccountState.Deactivated),
        ("cancel-deletion", "Cancel deletion of", p => p.State is AccountState.PendingDeletion),
        ("reset-password", "Reset password of", p => p.State is AccountState.Active),
        ("log-out", "Sign out", p => p.State is AccountState.Active),
        ("email", "Change email address of", p => p.State is AccountState.Active),
        ("unclaim", "Unclaim", p => p.State is AccountState.Active or AccountState.Deactivated or AccountState.Unverified),
        ("delete", "Delete", p => p.State is AccountState.Active or AccountState.Deactivated or AccountState.Unverified),
        ("suspend", "Suspend", p => p.Status is UserStatus.Active),
        ("restore", "Restore", p => p.Status is UserStatus.Suspended),
        ("remove", "Remove", p => p.Status is UserStatus.Active or UserStatus.Suspended),
    ];

    public bool Begins => Verb is not null;

    public static ActionPhrase Of(string typed) =>
        typed.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var first, var rest]
            && first.Length >= LeastLetters && Rows.Any(r => r.Label.StartsWith(first, StringComparison.OrdinalIgnoreCase))
            ? new(first, rest)
            : new(null, typed);

    public IEnumerable<Hit> On(FoundPerson person, string home) => person.IsVisitor ? [] : Rows
        .Where(r => r.Label.StartsWith(Verb!, StringComparison.OrdinalIgnoreCase) && r.Fits(person))
        .Select(r => new Hit(r.Label, $"{person.Path}/{r.Path}", person.Email) { For = person.Name });
}
