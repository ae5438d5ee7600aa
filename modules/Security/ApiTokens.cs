namespace DirectoryPlatform.Security;

/// <summary>
/// A secret with which a program acts in the person's name (SPEC S4). Refused with <see cref="InvalidValue"/> of field "label" or "days",
/// <see cref="ApiTokensBlocked"/>, or
/// <see cref="TooManyApiTokens"/>.
/// </summary>
/// <param name="Days">Until it expires: <see cref="LeastDays"/> to <see cref="MostDays"/>;
/// null for what was typed and is no number.</param>
public sealed record CreateApiToken(AccountId Account, string? Label, int? Days, Origin Origin) : IRequest<Outcome<NewApiToken>>
{
    /// <summary>SPEC S4; the label as long as a name may be (M3).</summary>
    public const int LeastDays = 1, MostDays = 365, MaxLabel = 100;

    /// <summary>A quarter: long enough not to be forgotten each month (own choice).</summary>
    public const int UsualDays = 90;

    /// <summary>More than a person can keep apart (own choice).</summary>
    public const int MostTokens = 50;
}

/// <param name="Secret">Shown once; only its hash is kept.</param>
public sealed record NewApiToken(string Secret, ApiTokenView Token)
{
    public override string ToString() => $"API token {Token.Id}";
}

/// <param name="LastUsedAt">To the minute; null for never.</param>
/// <param name="Expired">Shown for a month, so that its owner finds out why a program stopped.</param>
public sealed record ApiTokenView(Guid Id, string Label, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt,
    bool Expired);

/// <summary>What is not revoked, newest first.</summary>
/// <param name="By">The organization that asks; refused with <see cref="NotFound"/> when it does not manage the account.
/// Null for the person.</param>
public sealed record ReadApiTokens(AccountId Account, OrganizationId? By) : IRequest<Outcome<ApiTokensView>>
{
    /// <summary>How long an expired one is still shown (own choice).</summary>
    public static readonly TimeSpan ShownExpired = TimeSpan.FromDays(30);
}

/// <param name="Blocked">Why none can be made or used; null when the rules for this account allow them.</param>
public sealed record ApiTokensView(IReadOnlyList<ApiTokenView> Tokens, Refusal? Blocked);

/// <summary>Permanent and at once (SPEC M8). One that is revoked already, another account's or none is answered alike.</summary>
/// <param name="By">As in <see cref="ReadApiTokens"/>; the person is then told by mail.</param>
public sealed record RevokeApiToken(AccountId Account, Guid Token, OrganizationId? By, Origin Origin) : IRequest<Outcome<ApiTokenView>>;
