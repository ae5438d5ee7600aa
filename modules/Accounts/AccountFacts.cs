using System.Reflection;
using System.Text.Json.Serialization;

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

/// <summary>
/// What a deed may do to one account or, by a job, to thousands: one fact then tells of all that were done together, while each has its own
/// audit entry. Decisions are about one, which <see cref="AccountFact.Account"/> is; who listens takes <see cref="Accounts"/>.
/// </summary>
public abstract record LifecycleFact(AccountId Account, DateTimeOffset At) : AccountFact(Account, At), ITellsOfMany
{
    /// <summary>Null for one. The version before wrote the facts of many without an <see cref="AccountFact.Account"/>.</summary>
    [JsonPropertyName("accounts")]
    public IReadOnlyList<AccountId>? Together { get; init; }

    /// <summary>Set where a job did it.</summary>
    public JobId? Job { get; init; }

    /// <summary>Whether the people are told by mail.</summary>
    public bool Notify { get; init; } = true;

    [JsonIgnore]
    public IReadOnlyList<AccountId> Accounts => Together ?? [Account];

    IReadOnlyList<Guid>? ITellsOfMany.TellsOf => Together is null ? null : [.. Together.Select(account => account.Value)];

    Fact ITellsOfMany.Only(IReadOnlyList<Guid> some) => this with { Together = [.. some.Select(id => new AccountId(id))] };

    /// <summary>The same mail is queued once, however often the fact is heard.</summary>
    [JsonIgnore]
    internal object Occasion => (object?)Job ?? At;

    /// <summary>Facts of many keep the names that nodes of the version before read them by, during an upgrade one by one.</summary>
    [JsonIgnore]
    public override string StoredAs => Together is null ? base.StoredAs : GetType().GetCustomAttribute<AlsoStoredAsAttribute>()!.Name;
}

[AlsoStoredAs("AccountsDeactivated")]
public sealed record AccountDeactivated(AccountId Account, DateTimeOffset At, OrganizationId By, [property: Personal] string? Reason,
    [property: Personal] string? Message) : LifecycleFact(Account, At);
[AlsoStoredAs("AccountsReactivated")]
public sealed record AccountReactivated(AccountId Account, DateTimeOffset At, OrganizationId By) : LifecycleFact(Account, At);
[AlsoStoredAs("DeletionsScheduled")]
public sealed record DeletionScheduled(AccountId Account, DateTimeOffset At, OrganizationId? By, DateTimeOffset DueAt)
    : LifecycleFact(Account, At);
[AlsoStoredAs("DeletionsCancelled")]
public sealed record DeletionCancelled(AccountId Account, DateTimeOffset At, OrganizationId? By) : LifecycleFact(Account, At);
[AlsoStoredAs("AccountsErased")]
public sealed record AccountErased(AccountId Account, DateTimeOffset At) : LifecycleFact(Account, At);
[AlsoStoredAs("AccountsClaimed")]
public sealed record AccountClaimed(AccountId Account, DateTimeOffset At, OrganizationId By) : LifecycleFact(Account, At);
/// <param name="Excluded">Whether somebody chose it, and no domain was lost; false in what the version before wrote of many.</param>
[AlsoStoredAs("AccountsUnclaimed")]
public sealed record AccountUnclaimed(AccountId Account, DateTimeOffset At, OrganizationId By, bool Excluded)
    : LifecycleFact(Account, At);

public sealed record AccountExcluded(AccountId Account, DateTimeOffset At, OrganizationId Organization) : AccountFact(Account, At);
public sealed record AccountReadmitted(AccountId Account, DateTimeOffset At, OrganizationId Organization) : AccountFact(Account, At);
/// <param name="By">Who appointed; null for the platform itself, as at setup. The same below.</param>
public sealed record OrganizationAdminAppointed(AccountId Account, DateTimeOffset At, OrganizationId Organization, AccountId? By = null)
    : AccountFact(Account, At);
public sealed record OrganizationAdminDismissed(AccountId Account, DateTimeOffset At, OrganizationId Organization, AccountId? By = null)
    : AccountFact(Account, At);

/// <param name="By">Null when the person did it.</param>
public sealed record DetailChanged(AccountId Account, DateTimeOffset At, OrganizationId? By, AccountDetail Detail,
    [property: Personal] string? Value) : AccountFact(Account, At);

/// <param name="Picture">Null for the generated initials.</param>
public sealed record PictureChanged(AccountId Account, DateTimeOffset At, OrganizationId? By, Guid? Picture) : AccountFact(Account, At);

/// <summary>The new address counts as verified. Security ends all sessions, and both addresses get a mail.</summary>
/// <param name="ClaimedBy">The organization that claims the new domain automatically and has
/// claimed the account in the same turn (SPEC C4).</param>
public sealed record EmailAddressChanged(
    AccountId Account, DateTimeOffset At, OrganizationId? By, [property: Personal] string Before, [property: Personal] string Email,
    OrganizationId? ClaimedBy) : AccountFact(Account, At)
{
    /// <summary>The person's wish that was carried out; null for none.</summary>
    public Guid? Asked { get; init; }

    /// <summary>The person who did it, who may be an admin; null where no person is known.</summary>
    public AccountId? Actor { get; init; }

    /// <summary>The change that was undone by whoever reads the mails of the old address (SPEC A15); null for none.</summary>
    public Guid? TakenBack { get; init; }

    /// <summary>With <see cref="TakenBack"/>: everything that was begun from then on goes.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>With <see cref="TakenBack"/>: the organization that has claimed the account since, and manages it no longer since this
    /// turn; null for none. Whoever listens to <see cref="AccountUnclaimed"/> hears of it.</summary>
    public OrganizationId? UnclaimedFrom { get; init; }
}

/// <summary>What is done to accounts and tells no fact; what does is called as its fact is. The words stand in sealed entries:
/// a constant may get another name, its value never changes.</summary>
public static class AccountActions
{
    public const string AccountsImported = "AccountsImported";
    public const string AccountsSeeded = "AccountsSeeded";
    public const string EmailChangeMailSent = "EmailChangeMailSent";
    public const string EmailChangeStopped = "EmailChangeStopped";
    public const string VerificationMailSent = "VerificationMailSent";
}
