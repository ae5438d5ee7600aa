namespace DirectoryPlatform.Accounts;

/// <summary>
/// The account's address belongs to another person now (SPEC A16). The account keeps its history, is deactivated, and has no address in the
/// world until an admin gives it one; nobody is mailed, because whoever reads the mailbox is somebody else. Refused where a deactivation
/// or a change of the address is, and with <see cref="AddressWithdrawnAlready"/>.
/// </summary>
public sealed record WithdrawAddress(AccountId Account, OrganizationId Organization, Origin Origin) : AccountCommand(Account, Origin)
{
    /// <summary>The organizations that the admin who asks administers; null for programs (see <see cref="AdminReach"/>).</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }

    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account switch
    {
        _ when account.ManagedBy != Organization => new NotManagedHere(),
        _ when Origin.Actor == account.Id.Value => new Yourself(),
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        _ when FormerAddress.Is(account.Email) => new AddressWithdrawnAlready(),
        { OnlyAdminOf.Count: > 0 } => new LastOrganizationAdmin(Elsewhere: !account.OnlyAdminOf.Contains(Organization)),
        // How an admin is reached is no provider's to change (SPEC S13).
        _ when AdminReach.Refused(account.AdminOf, Asker) is { } refusal => refusal,
        _ => new AddressWithdrawn(account.Id, now, Organization, $"{account.Email}", FormerAddress.Of(account.Id).Value),
    };
}

/// <summary>
/// What stands in the place of an address that an account has lost. Every list, order and export that shows an address goes on as before;
/// it is the account's own, and no mail can go there: nobody can own a domain under "invalid" (RFC 2606, 2).
/// </summary>
public static class FormerAddress
{
    public const string Domain = "former-address.invalid";

    /// <summary>What people read instead.</summary>
    public const string Words = "No email address";

    public static EmailAddress Of(AccountId account) => EmailAddress.Trusted($"{account.Value:N}@{Domain}");

    public static bool Is(EmailAddress? email) => email is { } one && Is(one.Value);

    /// <summary>As people read it.</summary>
    public static string? Shown(string? email) => email is not null && Is(email) ? Words : email;

    public static bool Is(string email) => email.EndsWith($"@{Domain}", StringComparison.Ordinal);
}

/// <summary>Sessions end, links of a forgotten password are void, and the account is deactivated in the same turn.</summary>
/// <param name="Email">What stands there now, see <see cref="FormerAddress"/>.</param>
public sealed record AddressWithdrawn(AccountId Account, DateTimeOffset At, OrganizationId By, [property: Personal] string Before,
    string Email) : AccountFact(Account, At)
{
    public const string Reason = "The email address now belongs to another person.";
}

public sealed record AddressWithdrawnAlready() : Refusal("addressWithdrawnAlready", "This account has already lost its email address.");
public sealed record HasNoAddress()
    : Refusal("hasNoAddress", "This account has lost its email address to another person. Give it another address first.");
