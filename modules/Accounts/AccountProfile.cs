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
