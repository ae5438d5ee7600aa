using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>One page of the Managed accounts list (SPEC M1). Refused with <see cref="BrokenCursor"/>.</summary>
/// <param name="Filter">Null for all.</param>
/// <param name="Cursor">As given by an earlier page.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record ListManagedAccounts(
    OrganizationId Organization, ManagedAccountFilter? Filter = null, ListSort Sort = ListSort.Name, bool Descending = false,
    string? Cursor = null, int Size = 50) : IRequest<Outcome<ListPage<ManagedAccountRow>>>;

/// <param name="LastActiveAt">To the hour; null for never.</param>
/// <param name="AddedAt">When the organization claimed the account.</param>
/// <param name="Picture">Id of the person's own picture; null for the initials.</param>
/// <param name="Policy">Name of the authentication policy.</param>
/// <param name="Apps">Names of the apps that open on the organization's sites; null when nobody asked.</param>
public sealed record ManagedAccountRow(AccountId Id, string Name, string Email, AccountState State, DateTimeOffset? LastActiveAt,
    DateTimeOffset AddedAt, Guid? Picture = null, string? Policy = null, IReadOnlyList<string>? Apps = null);

/// <summary>How many accounts match, counted up to a limit, so that the question costs little whatever the answer.</summary>
public sealed record CountMatchingAccounts(OrganizationId Organization, ManagedAccountFilter Filter, int Limit) : IRequest<long>;
