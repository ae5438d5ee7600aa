namespace DirectoryPlatform.Accounts;

/// <summary>An identity provider of the managing organization sets a detail (SPEC P2): what it owns only it may set, and whatever stands
/// there is overwritten, because the provider's word counts.</summary>
/// <param name="Value">Null or "" takes the detail away.</param>
public sealed record ProvideDetail(AccountId Account, OrganizationId Organization, AccountDetail Detail, string? Value, Origin Origin)
    : AccountCommand(Account, Origin)
{
    public override bool ChangesMoreThanRow => true;

    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now)
    {
        var (value, invalid) = DetailRules.Read(Detail, Value);
        return account switch
        {
            _ when ProvidedAccounts.RefusalToProvide(account, Organization) is { } refusal => refusal,
            _ when invalid is not null => invalid,
            _ when account[Detail] == value => new DetailUnchanged(),
            _ => new DetailChanged(account.Id, now, Organization, Detail, value),
        };
    }
}

/// <summary>The provider moves the account to another address. That the organization owns its domain is asked before; all sessions end, as
/// for any change of address (SPEC M4).</summary>
public sealed record ProvideEmail(AccountId Account, OrganizationId Organization, EmailAddress Email, Origin Origin)
    : AccountCommand(Account, Origin)
{
    public override bool ChangesMoreThanRow => true;

    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account switch
    {
        _ when ProvidedAccounts.RefusalToProvide(account, Organization) is { } refusal => refusal,
        _ when account.Email == Email => new EmailUnchanged(),
        // How an admin is reached is not the provider's to change (SPEC S13).
        _ when AdminReach.Refused(account.AdminOf, null) is { } refusal => refusal,
        _ => new EmailAddressChanged(account.Id, now, Organization, $"{account.Email}", Email.Value, null),
    };
}

/// <summary>From now on the provider owns these fields, and everybody else reads them only (SPEC A11).</summary>
/// <param name="Provider">Its name as shown to people.</param>
/// <param name="Fields">As in <see cref="AccountProfile.ProvisionedFields"/>.</param>
public sealed record GiveToProvider(AccountId Account, OrganizationId Organization, string Provider, IReadOnlyList<string> Fields,
    Origin Origin) : AccountCommand(Account, Origin)
{
    public override bool ChangesMoreThanRow => true;

    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account switch
    {
        _ when ProvidedAccounts.RefusalToProvide(account, Organization) is { } refusal => refusal,
        { Profile: var profile } when profile.ProvisionedBy == Provider && profile.ProvisionedFields.SequenceEqual(Fields) =>
            new ProvidedAlready(),
        _ => new AccountProvisioned(account.Id, now, Organization, Provider, Fields),
    };
}

/// <summary>No provider owns anything of the account any more; it stays as it is.</summary>
public sealed record ReleaseFromProvider(AccountId Account, Origin Origin) : AccountCommand(Account, Origin)
{
    public override bool ChangesMoreThanRow => true;

    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account switch
    {
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        { Profile.ProvisionedBy: { } provider } => new AccountReleased(account.Id, now, provider),
        _ => new NotProvided(),
    };
}

/// <summary>What providers may ask of accounts.</summary>
public static class ProvidedAccounts
{
    /// <summary>Why the value cannot be taken, before anything is done; null when it can (SPEC M3).</summary>
    public static Refusal? WhyNot(AccountDetail detail, string? value) => DetailRules.Read(detail, value).Refusal;

    /// <summary>The value as it will stand.</summary>
    public static string? Spelled(AccountDetail detail, string? value) => DetailRules.Read(detail, value).Value;

    internal static Refusal? RefusalToProvide(Account account, OrganizationId by) => account switch
    {
        _ when account.ManagedBy != by => new NotManagedHere(),
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        { State: AccountState.PendingDeletion } => new BeingDeleted(),
        { State: AccountState.Unverified } => new EmailUnverified(),
        _ => null,
    };
}

/// <summary>What a provider's word is held against, for another room's batch. It decides nothing: each command does that anew.</summary>
/// <param name="Email">Null once erased.</param>
/// <param name="ProvisionedBy">As in <see cref="AccountProfile.ProvisionedBy"/>.</param>
/// <param name="Details">Those that are set, with the name.</param>
public sealed record ProvidedProfile(AccountState State, OrganizationId? ManagedBy, string? Email, string? ProvisionedBy,
    IReadOnlyDictionary<AccountDetail, string> Details)
{
    const int Narrow = 4;

    static readonly string Sql = $"""
        select a.state, a.managed_by, a.email, p.provisioned_by, {string.Join(", ", AccountDetails.All.Select(Column))}
        from accounts.account a left join accounts.profile p on p.account_id = a.id where a.id = $1
        """;

    public string? this[AccountDetail detail] => Details.GetValueOrDefault(detail);

    public static NpgsqlBatchCommand Statement(AccountId account) => Kernel.Storage.Statement.Of(Sql, account.Value);

    /// <returns>Null for an unknown account.</returns>
    public static async Task<ProvidedProfile?> Read(NpgsqlDataReader rows, CancellationToken ct)
    {
        if (!await rows.ReadAsync(ct)) return null;
        var details = new Dictionary<AccountDetail, string>();
        for (var i = 0; i < AccountDetails.All.Count; i++)
            if (rows[Narrow + i] is string value) details[AccountDetails.All[i].Detail] = value;
        return new ProvidedProfile((AccountState)rows.GetInt16(0), rows.IsDBNull(1) ? null : new OrganizationId(rows.GetGuid(1)),
            rows[2] as string, rows[3] as string, details);
    }

    static string Column(DetailDefinition detail) => $"{(detail.Detail is AccountDetail.Name ? "a" : "p")}.{detail.Column}";
}

/// <param name="Fields">As in <see cref="AccountProfile.ProvisionedFields"/>.</param>
public sealed record AccountProvisioned(AccountId Account, DateTimeOffset At, OrganizationId By, string Provider,
    IReadOnlyList<string> Fields) : AccountFact(Account, At);
public sealed record AccountReleased(AccountId Account, DateTimeOffset At, string Provider) : AccountFact(Account, At);

public sealed record ProvidedAlready() : Refusal("providedAlready", "The identity provider already manages these values.");
public sealed record NotProvided() : Refusal("notProvided", "No identity provider manages anything of this account.");

/// <summary>What of a provider's value goes into the profile.</summary>
/// <param name="Value">Null when nothing of it can be taken.</param>
/// <param name="Odd">Why it was changed or passed over, as a sentence; null when it fits as it is.</param>
public sealed record FittingDetail(string? Value, string? Odd);

/// <summary>
/// Makes values fit the profile that were not written for it (SPEC P5): a person is never refused for a detail. What is too long is
/// shortened, a line break becomes a blank, a time zone of Windows its name in the tz database;
/// what then still does not fit is passed over.
/// </summary>
public static class FittingDetails
{
    public static FittingDetail Of(AccountDetail detail, string given)
    {
        if (ProvidedAccounts.WhyNot(detail, given) is not { } first)
            return new(ProvidedAccounts.Spelled(detail, given), null);
        if (detail is AccountDetail.TimeZone && WindowsZones.Of(given.Trim()) is { } zone && ProvidedAccounts.WhyNot(detail, zone) is null)
            return new(zone, null);
        if (AccountDetails.Of(detail).Rule is not null)
            return new(null, $"ignored in the profile. {first.Sentence}");
        var (text, most) = (PlainText.Readable(given), AccountDetails.Of(detail).MaxLength);
        var cut = PlainText.Cut(text, most);
        if (cut.Length == 0 || ProvidedAccounts.WhyNot(detail, cut) is not null)
            return new(null, $"ignored in the profile. {first.Sentence}");
        return new(cut, cut.Length < text.Length
            ? $"shortened to {most} characters in the profile; {Number(PlainText.Length(text))} were sent."
            : "characters that cannot be shown were removed in the profile.");
    }

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
