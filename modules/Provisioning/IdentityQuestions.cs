namespace DirectoryPlatform.Provisioning;

/// <summary>What is done when a provider names the address of an account again, with another id of its own (SPEC A16).
/// The numbers are kept.</summary>
public enum IdentityRule { Ask = 0, AlwaysSame = 1, AlwaysOther = 2 }

/// <summary>The provider names somebody under an id that it has not used before,
/// with the address of an account that it knew under another.</summary>
/// <param name="Account">The account that has the address.</param>
/// <param name="Admin">Whether it administers an organization.</param>
/// <param name="Linked">Whether the account is in the directory still.</param>
/// <param name="KnownAs">The provider's id of the account.</param>
/// <param name="ExternalId">The id that came now.</param>
/// <param name="NewName">Of whom the provider means now.</param>
/// <param name="Times">How often the provider has tried.</param>
public sealed record IdentityQuestion(
    AccountId Account, string Name, string Email, AccountState State, bool Admin, bool Linked, string KnownAs, string ExternalId,
    string UserName, string NewName, DateTimeOffset AskedAt, DateTimeOffset LastAskedAt, int Times);

/// <summary>The open ones of a directory, newest first. A question goes when the account has another address, or when the provider has not
/// asked for 30 days.</summary>
public sealed record ReadIdentityQuestions(OrganizationId Organization, IdentityDirectoryId Directory)
    : IRequest<IReadOnlyList<IdentityQuestion>>
{
    /// <summary>More than an admin decides one by one (own choice).</summary>
    public const int Most = 200;
}

/// <summary>
/// An admin says who it is. The same person: password, tokens, sessions, second step and links are void, and the provider's next try links
/// the account. Somebody else: the account is deactivated, loses the address and keeps its history; the provider's next try makes a new
/// one. Refused as <see cref="VoidCredentials"/> or <see cref="WithdrawAddress"/> is, as claiming is where nobody manages the account, and
/// with <see cref="IdentityTaken"/>.
/// </summary>
public sealed record AnswerIdentityQuestion(OrganizationId Organization, IdentityDirectoryId Directory, AccountId Account, bool Same,
    Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>As in <see cref="ResetPasswords"/>.</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }
}

/// <summary>From the next request on.</summary>
public sealed record ChooseIdentityRule(OrganizationId Organization, IdentityDirectoryId Directory, IdentityRule Rule, Origin Origin)
    : IRequest<Outcome<Done>>;

public sealed record IdentityTaken()
    : Refusal("identityTaken",
        "The provider now uses this ID for another person. Choose “Someone else”, or correct it at the provider.");
