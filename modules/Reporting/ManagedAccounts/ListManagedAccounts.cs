using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Reporting;

public enum ManagedAccountSort { Name, Email, Status, LastActive, Added }

/// <summary>One page of the Managed accounts list (SPEC M1), by keyset: a page costs the same wherever it lies.</summary>
/// <param name="Filter">Null for all.</param>
/// <param name="Cursor">As given by an earlier page; one that does not fit is read as the first page.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record ListManagedAccounts(
    OrganizationId Organization, ManagedAccountFilter? Filter = null, ManagedAccountSort Sort = ManagedAccountSort.Name,
    bool Descending = false, string? Cursor = null, int Size = 50)
    : IRequest<ManagedAccountPage>;

/// <param name="Next">Cursor of the following page; null on the last.</param>
/// <param name="Previous">Cursor of the page before; null on the first.</param>
public sealed record ManagedAccountPage(IReadOnlyList<ManagedAccountRow> Rows, string? Next, string? Previous);

/// <param name="LastActiveAt">To the hour; null for never.</param>
/// <param name="AddedAt">When the organization claimed the account.</param>
/// <param name="Picture">Id of the person's own picture; null for the initials.</param>
/// <param name="Policy">Name of the authentication policy.</param>
/// <param name="Apps">Names of the apps that open on the organization's sites; null when nobody asked.</param>
public sealed record ManagedAccountRow(AccountId Id, string Name, string Email, AccountState State, DateTimeOffset? LastActiveAt,
    DateTimeOffset AddedAt, Guid? Picture = null, string? Policy = null, IReadOnlyList<string>? Apps = null);

/// <summary>How many accounts match, counted up to a limit, so that the question costs little whatever the answer.</summary>
public sealed record CountMatchingAccounts(OrganizationId Organization, ManagedAccountFilter Filter, int Limit) : IRequest<long>;

/// <summary>The counters above the list; exact to within five seconds.</summary>
public sealed record CountManagedAccounts(OrganizationId Organization) : IRequest<ManagedAccountCounts>;

/// <param name="SecureLogin">Those that sign in with two-step verification, or through the organization's identity provider.</param>
public sealed record ManagedAccountCounts(long Total, long Active, long Deactivated, long PendingDeletion, long Unverified,
    long SecureLogin, DateTimeOffset AsOf)
{
    /// <summary>Of all, rounded down: 100 means everybody.</summary>
    public int SecureLoginPercent => Total == 0 ? 0 : (int)(100 * SecureLogin / Total);
}
