using DirectoryPlatform.Accounts;
using DirectoryPlatform.Sites;
using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>Prepares a change of many users from what a list shows (SPEC U4, U5, A10):
/// the checked rows, or all that match its filter.</summary>
/// <param name="Accounts">Null for all that match.</param>
/// <param name="Filter">For all that match; invitations that wait are nobody yet and are left out.</param>
public sealed record PrepareUserChange(UserScope Scope, MembershipChange Change, IReadOnlyList<AccountId>? Accounts, UserFilter? Filter,
    Origin Origin) : IRequest<Outcome<BulkDraftId>>;

/// <summary>Prepares invitations of managed people from what the list of managed accounts shows: the checked rows, or all that match its
/// filter (SPEC U3).</summary>
/// <param name="Accounts">Null for all that match.</param>
public sealed record PrepareInvitees(OrganizationId Organization, IReadOnlyList<AccountId>? Accounts, ManagedAccountFilter? Filter,
    Origin Origin) : IRequest<Outcome<BulkDraftId>>;
