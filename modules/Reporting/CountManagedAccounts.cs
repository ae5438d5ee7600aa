using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>The counters above the list; exact to within five seconds.</summary>
public sealed record CountManagedAccounts(OrganizationId Organization) : IRequest<ManagedAccountCounts>;

/// <param name="SecureLogin">Those that sign in with two-step verification, or through the organization's identity provider.</param>
public sealed record ManagedAccountCounts(long Total, long Active, long Deactivated, long PendingDeletion, long Unverified,
    long SecureLogin, DateTimeOffset AsOf)
{
    /// <summary>Of all, rounded down: 100 means everybody.</summary>
    public int SecureLoginPercent => Total == 0 ? 0 : (int)(100 * SecureLogin / Total);
}
