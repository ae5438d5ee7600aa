using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>The profile of a managed account (SPEC M2). Refused with <see cref="NotFound"/>
/// when this organization does not manage it.</summary>
/// <param name="Viewer">The admin who looks: an action on oneself is refused, and the page says so beforehand.</param>
public sealed record ReadManagedAccount(OrganizationId Organization, AccountId Account, AccountId Viewer)
    : IRequest<Outcome<ManagedAccountProfile>>;

/// <param name="Actions">Every action in menu order; a refused one carries the sentence that says why.</param>
/// <param name="History">What happened to the account, newest first, at most 100.</param>
public sealed record ManagedAccountProfile(
    AccountId Id, string Name, string Email, AccountState State, DateTimeOffset AddedAt, DateTimeOffset? ClaimedAt,
    string? DeactivationReason, string? DeactivationMessage, DateTimeOffset? DeletionDueAt, bool IsOrganizationAdmin,
    DateTimeOffset? LastActiveAt,
    long Version, IReadOnlyList<OfferedAction> Actions, IReadOnlyList<HistoryLine> History);

/// <param name="Action">The fact's name, such as "AccountDeactivated"; pages turn it into words.</param>
/// <param name="Actor">Display name of who did it; null for the platform itself.</param>
/// <param name="Why">The reason given, if any.</param>
/// <param name="Changes">Field, before and after.</param>
public sealed record HistoryLine(DateTimeOffset At, string Action, string? Actor, string Means, string? Why,
    IReadOnlyList<HistoryChange> Changes);

public sealed record HistoryChange(string Field, string? Before, string? After);
