namespace DirectoryPlatform.Accounts;

/// <summary>Sets one detail of the profile (SPEC M3). Carries what its editor saw: when that is no longer what stands there, nothing is
/// written and the refusal says what does.</summary>
/// <param name="Organization">The managing organization, or null when the person edits the own account (A12).</param>
/// <param name="Seen">The value that the form was made from; null or "" for none.</param>
/// <param name="Value">As typed; null or "" takes the detail away.</param>
public sealed record ChangeDetail(AccountId Account, OrganizationId? Organization, AccountDetail Detail, string? Seen, string? Value,
    Origin Origin) : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.ChangeDetail(Organization, Origin.Actor, Detail, Seen, Value, now);
}

/// <summary>Puts a picture that was stored before in the place of the present one,
/// or takes it away (SPEC M5). Pages send <see cref="UploadPicture"/>.</summary>
/// <param name="Picture">Null for the generated initials.</param>
public sealed record ChangePicture(AccountId Account, OrganizationId? Organization, Guid? Picture, Origin Origin)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.ChangePicture(Organization, Origin.Actor, Picture, now);
}

/// <summary>Moves the account to another address that is known to be right (SPEC M4, A12). Pages send <see cref="ChangeEmail"/> or
/// <see cref="FollowEmailChangeLink"/>, which know it.</summary>
/// <param name="Seen">The address that the editor saw, or that the link was sent for.</param>
/// <param name="ClaimFor">The organization that claims the new domain automatically (C4); null for none.</param>
public sealed record ChangeEmailAddress(AccountId Account, OrganizationId? Organization, EmailAddress Seen, EmailAddress Email,
    OrganizationId? ClaimFor, Origin Origin)
    : AccountCommand(Account, Origin)
{
    /// <summary>The organizations that the admin who asks administers; null for programs (see <see cref="AdminReach"/>).</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }

    /// <summary>The person's wish that is carried out, and used up in the same transaction; refused with <see cref="LinkVoid"/> when it
    /// waits no longer.</summary>
    public Guid? Asked { get; init; }

    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.ChangeEmail(Organization, Origin.Actor, Seen, Email, ClaimFor, now, Asker, Asked);
}
