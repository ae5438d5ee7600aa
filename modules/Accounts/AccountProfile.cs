namespace DirectoryPlatform.Accounts;

/// <summary>The details of an account that its person or its admin edits one by one (SPEC M3). <see cref="Name"/> stands on the narrow row,
/// the others in the profile.</summary>
public enum AccountDetail { Name, PublicName, JobTitle, Department, Organization, Location, Phone, TimeZone, Language }

/// <summary>The wide part of an account (SPEC M3, M5): what no lifecycle decision but the ones about itself looks at.</summary>
/// <param name="Picture">Of the stored picture; null for the generated initials.</param>
/// <param name="ProvisionedBy">The identity provider's name as shown to people; null when none provisions this account (SPEC A11).</param>
/// <param name="ProvisionedFields">What the provider owns: names of
/// <see cref="AccountDetail"/> in lower camel case, "email" and "picture".</param>
public sealed record AccountProfile(
    string? PublicName, string? JobTitle, string? Department, string? Organization, string? Location, string? Phone, string? TimeZone,
    string? Language,
    Guid? Picture, string? ProvisionedBy, IReadOnlyList<string> ProvisionedFields)
{
    /// <summary>Nothing set: most accounts.</summary>
    public static readonly AccountProfile None = new(null, null, null, null, null, null, null, null, null, null, []);

    public string? this[AccountDetail detail] => detail switch
    {
        AccountDetail.Name => throw new ArgumentOutOfRangeException(nameof(detail), "The name stands on the account itself."),
        AccountDetail.PublicName => PublicName,
        AccountDetail.JobTitle => JobTitle,
        AccountDetail.Department => Department,
        AccountDetail.Organization => Organization,
        AccountDetail.Location => Location,
        AccountDetail.Phone => Phone,
        AccountDetail.TimeZone => TimeZone,
        AccountDetail.Language => Language,
    };

    internal AccountProfile With(AccountDetail detail, string? value) => detail switch
    {
        AccountDetail.Name => throw new ArgumentOutOfRangeException(nameof(detail), "The name stands on the account itself."),
        AccountDetail.PublicName => this with { PublicName = value },
        AccountDetail.JobTitle => this with { JobTitle = value },
        AccountDetail.Department => this with { Department = value },
        AccountDetail.Organization => this with { Organization = value },
        AccountDetail.Location => this with { Location = value },
        AccountDetail.Phone => this with { Phone = value },
        AccountDetail.TimeZone => this with { TimeZone = value },
        AccountDetail.Language => this with { Language = value },
    };

    /// <summary>The provider that owns the field, if one does.</summary>
    public string? OwnerOf(string field) => ProvisionedBy is { } provider && ProvisionedFields.Contains(field) ? provider : null;
}

/// <summary>How details are named where machines read.</summary>
public static class AccountDetails
{
    /// <summary>The field's name in the audit log, in a provider's list and in refusals: "jobTitle".</summary>
    public static string Field(this AccountDetail detail) => char.ToLowerInvariant(detail.ToString()[0]) + detail.ToString()[1..];
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
