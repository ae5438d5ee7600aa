namespace DirectoryPlatform.Accounts;

/// <summary>The narrow facts of one account, for its own person and for the gate; no organization's view.</summary>
/// <param name="AdminOf">The organizations this account administers.</param>
/// <param name="Message">What the person is told at sign-in while deactivated (SPEC A3).</param>
public sealed record AccountView(
    AccountId Id, string Email, string Name, AccountState State, OrganizationId? ManagedBy, IReadOnlyList<OrganizationId> AdminOf,
    string? Message, DateTimeOffset? DeletionDueAt, long Version)
{
    /// <summary>Since when <see cref="ManagedBy"/> has managed the account; null when nobody does.</summary>
    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>The organization that has scheduled the deletion; null where the person did, and where none waits.</summary>
    public OrganizationId? DeletionBy { get; init; }
}

public sealed record ReadAccount(AccountId Account) : IRequest<Outcome<AccountView>>;

/// <summary>What rules sort accounts by; null for an erased one.</summary>
public sealed record ReadTraits(AccountId Account) : IRequest<AccountTraits?>;

/// <param name="Domain">A-label form.</param>
public sealed record AccountTraits(string Domain, AccountProfile Profile);

/// <summary>
/// Accounts on each of the domains, and how many of them the organization has claimed (SPEC D12). Whoever signed up and has not verified
/// yet is not counted (C4). Exact to within five seconds.
/// </summary>
public sealed record CountAccountsOnDomains(OrganizationId Organization, IReadOnlyList<string> Domains)
    : IRequest<IReadOnlyDictionary<string, DomainAccountCount>>;

/// <param name="Claimable">Managed by nobody, and not on the exclusion list: they wait to be claimed (C10).</param>
/// <param name="Listed">As many as the list of managed accounts has on the domain: with those who have not verified yet.</param>
public sealed record DomainAccountCount(long Accounts, long ClaimedHere, long Claimable = 0, long Listed = 0);

/// <summary>By address, for rooms that act on behalf of the person, such as sign-in; never for showing to others.</summary>
public sealed record FindAccount(EmailAddress Email) : IRequest<AccountView?>;

/// <summary>By address or id: all that a sign-in and its policy ask of an account, in one look; null for an unknown one.</summary>
public sealed record FindPerson(EmailAddress? Email, AccountId? Account = null) : IRequest<Person?>;

public sealed record Person(AccountView Account, AccountTraits Traits);

/// <summary>Those of the accounts that the organization manages, in no order, each once. Erased ones are managed by nobody.</summary>
public sealed record WhichAreManaged(OrganizationId Organization, IReadOnlyCollection<AccountId> Accounts)
    : IRequest<IReadOnlyList<AccountId>>;

/// <summary>
/// The organization's managed accounts that a list of addresses names (10,000 rows, 5 MB; SPEC C6, M11). Every line that names none is
/// told with its reason; whether a foreign address has an account is not.
/// </summary>
public sealed record FindManagedAccounts(OrganizationId Organization, AddressInput List) : IRequest<Outcome<ManagedAccountsFound>>;

public sealed record ManagedAccountsFound(IReadOnlyList<AccountId> Accounts, IReadOnlyList<BadLine> Left);

/// <summary>Many accounts by address at once, for rooms that act on behalf of the people; never for showing to others. Addresses without an
/// account are left out of the answer.</summary>
public sealed record FindAccounts(IReadOnlyCollection<EmailAddress> Emails) : IRequest<IReadOnlyList<AccountView>>;

/// <summary>Many accounts by id. Unknown ids are left out of the answer.</summary>
public sealed record ReadAccounts(IReadOnlyCollection<AccountId> Accounts) : IRequest<IReadOnlyList<AccountView>>;
