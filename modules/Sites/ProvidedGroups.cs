using MediatR;

namespace DirectoryPlatform.Sites;

/// <summary>Who says a group's name and members, instead of the organization's admins (SPEC P2, A11).</summary>
/// <param name="Directory">The identity provider's directory.</param>
/// <param name="Name">What admins call it.</param>
public sealed record GroupProvider(Guid Directory, string Name);

/// <summary>
/// A new group of a provider's. Refused with <see cref="InvalidValue"/> of field "name" or <see cref="GroupNameTaken"/>, also when the
/// organization's own group has the name: a provider takes over no group whose members and app access an admin chose.
/// </summary>
/// <param name="Decide">Writes the provider's own rows in the same transaction, and puts members in;
/// a refusal takes all of it back.</param>
public sealed record ProvideGroup(OrganizationId Organization, GroupProvider By, string? Name, Origin Origin,
    Func<ProvidedGroupTurn, Task<Refusal?>> Decide) : IRequest<Outcome<GroupId>>;

/// <summary>A change of a provider's own group, one at a time. Refused with <see cref="NotFound"/> for a group that is not this
/// directory's, whoever's it is.</summary>
/// <param name="Decide">As in <see cref="ProvideGroup"/>; the group's row is locked when it begins.</param>
public sealed record ChangeProvidedGroup(OrganizationId Organization, GroupProvider By, GroupId Group, Origin Origin,
    Func<ProvidedGroupTurn, Task<Refusal?>> Decide) : IRequest<Outcome<Done>>;

/// <summary>People whom the provider owns no longer are in none of its groups.</summary>
public sealed record LeaveProvidedGroups(OrganizationId Organization, IReadOnlyCollection<AccountId> Accounts, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>The groups of a directory that is removed become the organization's own, with name,
/// members and app access as they are.</summary>
public sealed record GiveBackGroups(OrganizationId Organization, Guid Directory, Origin Origin) : IRequest<Outcome<Done>>;
