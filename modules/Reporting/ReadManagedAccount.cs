using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>The profile of a managed account (SPEC M2). Refused with <see cref="NotFound"/>
/// when this organization does not manage it.</summary>
/// <param name="Viewer">The admin who looks: an action on oneself is refused, and the page says so beforehand.</param>
public sealed record ReadManagedAccount(OrganizationId Organization, AccountId Account, AccountId Viewer)
    : IRequest<Outcome<ManagedAccountProfile>>
{
    /// <summary>As in <see cref="ReadProfile.Asker"/>.</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }

    /// <summary>With what the profile's own page shows besides: the history, apps, and who provides the account.</summary>
    public bool Whole { get; init; }
}

/// <param name="Actions">Every action in menu order; a refused one carries the sentence that says why.</param>
/// <param name="History">What happened to the account, newest first, at most 100; only of a whole one, as what follows.</param>
public sealed record ManagedAccountProfile(
    AccountId Id, string Name, string Email, AccountState State, DateTimeOffset AddedAt, DateTimeOffset? ClaimedAt,
    string? DeactivationReason, string? DeactivationMessage, DateTimeOffset? DeletionDueAt, bool IsOrganizationAdmin,
    DateTimeOffset? LastActiveAt,
    long Version, IReadOnlyList<OfferedAction> Actions, IReadOnlyList<HistoryLine> History)
{
    public ProfileView Profile { get; init; } = null!;
    public AppAccess? AppAccess { get; init; }

    /// <summary>The identity provider's directory that owns the account; null for none.</summary>
    public DirectoryOfPerson? Owner { get; init; }
}

/// <param name="Action">The fact's name, such as "AccountDeactivated"; pages turn it into words.</param>
/// <param name="Actor">Display name of who did it; null for the platform itself.</param>
/// <param name="Why">The reason given, if any.</param>
/// <param name="Changes">Field, before and after.</param>
public sealed record HistoryLine(DateTimeOffset At, string Action, string? Actor, string Means, string? Why,
    IReadOnlyList<HistoryChange> Changes);

public sealed record HistoryChange(string Field, string? Before, string? After);
