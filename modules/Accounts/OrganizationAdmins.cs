namespace DirectoryPlatform.Accounts;

/// <summary>
/// Makes the account an admin of the organization. The role stands on the account's own row, so that "the last admin stays" (SPEC A8) and
/// "deactivate" are decided by one writer; who may appoint is Security's question.
/// </summary>
public sealed record AppointOrganizationAdmin(AccountId Account, OrganizationId Organization, Origin Origin)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.AppointAdmin(Organization, now, Origin.Actor);
}

public sealed record DismissOrganizationAdmin(AccountId Account, OrganizationId Organization, Origin Origin)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.DismissAdmin(Organization, now, Origin.Actor);
}

/// <summary>The organization is deleted: nobody administers it any more, its last admin neither.</summary>
public sealed record LeaveDeletedOrganization(AccountId Account, OrganizationId Organization, Origin Origin)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.LeaveDeleted(Organization, now);
}

/// <summary>Admins of an organization, whatever state their accounts are in.</summary>
public sealed record WhoAdministers(OrganizationId Organization) : IRequest<IReadOnlyList<AccountId>>;

/// <summary>Whether the organization manages anybody.</summary>
public sealed record ManagesAnybody(OrganizationId Organization) : IRequest<bool>;
