using System.Collections.Immutable;

namespace DirectoryPlatform.Accounts;

/// <summary>The wide part of an account (SPEC M3, M5): what no lifecycle decision but the ones about itself looks at. Two are equal when
/// one was made from the other without a change.</summary>
/// <param name="Details">Those that are set, without the name.</param>
/// <param name="Picture">Of the stored picture; null for the generated initials.</param>
/// <param name="ProvisionedBy">The identity provider's name as shown to people; null when none provisions this account (SPEC A11).</param>
/// <param name="ProvisionedFields">What the provider owns: names of
/// <see cref="AccountDetail"/> in lower camel case, "email" and "picture".</param>
public sealed record AccountProfile(
    ImmutableDictionary<AccountDetail, string> Details, Guid? Picture, string? ProvisionedBy, IReadOnlyList<string> ProvisionedFields)
{
    /// <summary>Nothing set: most accounts.</summary>
    public static readonly AccountProfile None = new(ImmutableDictionary<AccountDetail, string>.Empty, null, null, []);

    public string? this[AccountDetail detail] => Details.GetValueOrDefault(InProfile(detail));

    internal AccountProfile With(AccountDetail detail, string? value) =>
        this with { Details = value is null ? Details.Remove(InProfile(detail)) : Details.SetItem(InProfile(detail), value) };

    /// <summary>The provider that owns the field, if one does.</summary>
    public string? OwnerOf(string field) => ProvisionedBy is { } provider && ProvisionedFields.Contains(field) ? provider : null;

    static AccountDetail InProfile(AccountDetail detail) => detail is not AccountDetail.Name ? detail
        : throw new ArgumentOutOfRangeException(nameof(detail), "The name stands on the account itself.");
}

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
