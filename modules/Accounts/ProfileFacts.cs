namespace DirectoryPlatform.Accounts;

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
}
