using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>The profile as this editor may see and change it (SPEC M3, A11, A12). Refused with <see cref="NotFound"/> unless the
/// organization manages the account, or the account is the viewer's own.</summary>
/// <param name="Organization">Null when a person looks at the own account.</param>
public sealed record ReadProfile(AccountId Account, OrganizationId? Organization, AccountId Viewer) : IRequest<Outcome<ProfileView>>
{
    /// <summary>The organizations that the viewer administers, of a person at a browser; null for programs, which may not change how an
    /// admin is reached (SPEC S13).</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }
}

/// <param name="Email">Null once erased.</param>
/// <param name="EmailRefusal">Why the address cannot be changed by this editor, whatever it was changed to.</param>
/// <param name="Picture">Null for the generated initials.</param>
/// <param name="ProvisionedBy">The identity provider that owns some of this; null for none.</param>
/// <param name="TimeZones">What a time zone may be, for forms that offer a choice.</param>
public sealed record ProfileView(
    AccountId Id, string Name, string? Email, AccountState State, OrganizationId? ManagedBy, DateTimeOffset? ClaimedAt,
    Refusal? EmailRefusal, Guid? Picture, Refusal? PictureRefusal,
    string? ProvisionedBy, IReadOnlyList<OfferedDetail> Details, IReadOnlyList<string> TimeZones)
{
    /// <summary>What an organization's admin can do; none for the person.</summary>
    public IReadOnlyList<OfferedAction> Actions { get; init; } = [];

    public OfferedDetail this[AccountDetail detail] => Details.First(d => d.Detail == detail);
}

/// <param name="Refusal">Why this editor may not change it; null when it is offered.</param>
/// <param name="MaxLength">In characters.</param>
public sealed record OfferedDetail(AccountDetail Detail, string? Value, Refusal? Refusal, int MaxLength);
