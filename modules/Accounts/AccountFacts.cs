using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Accounts;

/// <summary>What can happen to one account.</summary>
public abstract record AccountFact(AccountId Account, DateTimeOffset At) : Fact;

public sealed record AccountSignedUp(AccountId Account, DateTimeOffset At, [property: Personal] string Email,
    [property: Personal] string Name, bool Verified, OrganizationId? ClaimedBy)
    : AccountFact(Account, At);
/// <param name="ClaimedBy">Whose the account is from now on for good; null for nobody's,
/// and where it was written down before verifying claimed.</param>
public sealed record EmailAddressVerified(AccountId Account, DateTimeOffset At, OrganizationId? ClaimedBy = null)
    : AccountFact(Account, At);
public sealed record AccountDeactivated(
    AccountId Account, DateTimeOffset At, OrganizationId By, [property: Personal] string? Reason, [property: Personal] string? Message,
    bool Notify) : AccountFact(Account, At);
public sealed record AccountReactivated(AccountId Account, DateTimeOffset At, OrganizationId By) : AccountFact(Account, At);
public sealed record DeletionScheduled(AccountId Account, DateTimeOffset At, OrganizationId? By, DateTimeOffset DueAt)
    : AccountFact(Account, At);
public sealed record DeletionCancelled(AccountId Account, DateTimeOffset At, OrganizationId? By) : AccountFact(Account, At);
public sealed record AccountErased(AccountId Account, DateTimeOffset At) : AccountFact(Account, At);
public sealed record AccountClaimed(AccountId Account, DateTimeOffset At, OrganizationId By) : AccountFact(Account, At);
public sealed record AccountUnclaimed(AccountId Account, DateTimeOffset At, OrganizationId By, bool Excluded) : AccountFact(Account, At);
public sealed record AccountExcluded(AccountId Account, DateTimeOffset At, OrganizationId Organization) : AccountFact(Account, At);
public sealed record AccountReadmitted(AccountId Account, DateTimeOffset At, OrganizationId Organization) : AccountFact(Account, At);
/// <param name="By">Who appointed; null for the platform itself, as at setup. The same below.</param>
public sealed record OrganizationAdminAppointed(AccountId Account, DateTimeOffset At, OrganizationId Organization, AccountId? By = null)
    : AccountFact(Account, At);
public sealed record OrganizationAdminDismissed(AccountId Account, DateTimeOffset At, OrganizationId Organization, AccountId? By = null)
    : AccountFact(Account, At);

/// <summary>One chunk of a claim job; each account in it has its own audit entry.</summary>
/// <param name="Notify">Whether the people are told by mail.</param>
public sealed record AccountsClaimed(OrganizationId By, JobId Job, IReadOnlyList<AccountId> Accounts, bool Notify = false) : Fact;

/// <summary>One chunk of an unclaim job; each account in it has its own audit entry.</summary>
/// <param name="Notify">Whether the people are told by mail.</param>
/// <param name="At">Null where it was written down before times were.</param>
public sealed record AccountsUnclaimed(OrganizationId By, JobId Job, IReadOnlyList<AccountId> Accounts, bool Notify = false,
    DateTimeOffset? At = null) : Fact;

/// <summary>One chunk of a bulk deactivation; each account in it has its own audit entry.</summary>
public sealed record AccountsDeactivated(OrganizationId By, JobId Job, IReadOnlyList<AccountId> Accounts, DateTimeOffset At,
    [property: Personal] string? Message, bool Notify) : Fact;
public sealed record AccountsReactivated(OrganizationId By, JobId Job, IReadOnlyList<AccountId> Accounts, DateTimeOffset At) : Fact;
public sealed record DeletionsScheduled(OrganizationId By, JobId Job, IReadOnlyList<AccountId> Accounts, DateTimeOffset At,
    DateTimeOffset DueAt, bool Notify) : Fact;
public sealed record DeletionsCancelled(OrganizationId By, JobId Job, IReadOnlyList<AccountId> Accounts, DateTimeOffset At, bool Notify)
    : Fact;

/// <summary>Deletions that came due together; each account has its own audit entry.</summary>
public sealed record AccountsErased(IReadOnlyList<AccountId> Accounts, DateTimeOffset At) : Fact;
