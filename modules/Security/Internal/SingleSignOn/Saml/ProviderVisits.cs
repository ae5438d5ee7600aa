using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

/// <summary>What a browser was led to a provider for; travels in its cookie.</summary>
/// <param name="Session">Of whoever was signed in; null for nobody.</param>
sealed record BegunVisit(string Request, OrganizationId Organization, ProviderVisit For, DateTimeOffset BegunAt, Guid? Session,
    string? ReturnTo);

/// <summary>Seals and opens it, by the keys that all nodes share.</summary>
sealed class ProviderVisits(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>As long as the other steps of a sign-in: time to find the phone.</summary>
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Written out; a longer way back is dropped, so that the cookie stays small (own choice).</summary>
    const int LongestReturn = 300;

    readonly SealedWords _sealed = new(protection.CreateProtector("visit to an identity provider"), clock, Life);

    public string Seal(BegunVisit visit) =>
        _sealed.Seal(visit.Request, $"{visit.Organization}", $"{visit.For}", visit.BegunAt.UtcTicks.ToString(CultureInfo.InvariantCulture),
            visit.Session?.ToString() ?? "-",
        visit.ReturnTo is { } path && Uri.EscapeDataString(path) is { Length: <= LongestReturn } written ? written : "-");

    public BegunVisit? Open(string? text) =>
        _sealed.Open(text) is [var request, var organization, var visit, var begun, var session, var path]
        ? new(request, new(Guid.Parse(organization)), Enum.Parse<ProviderVisit>(visit),
            new(long.Parse(begun, CultureInfo.InvariantCulture), TimeSpan.Zero), session is "-" ? null : Guid.Parse(session),
            path is "-" ? null : Uri.UnescapeDataString(path))
        : null;
}

/// <param name="SettingsVersion">Of the provider's settings by which the answer was verified.</param>
/// <param name="Stamp">Of the account's password when the answer was taken; null for none.
/// A reset by then voids what follows (SPEC A14).</param>
sealed record TakenAnswer(AccountId Account, long SettingsVersion, DateTimeOffset AuthenticatedAt, Guid? Stamp);

/// <summary>Verified answers: each request is answered once, each assertion taken once, each answer fetched once. The database decides, so
/// it holds on all nodes.</summary>
sealed class ProviderAnswers(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>A redirect takes a moment (own choice).</summary>
    static readonly TimeSpan Waits = TimeSpan.FromMinutes(2);

    /// <returns>The ticket; null when the request or the assertion was used before.</returns>
    public async Task<string?> Keep(OrganizationId organization, SamlAnswer answer, AccountId account, long settingsVersion,
        CancellationToken ct)
    {
        var ticket = RandomToken.New();
        return await database.Write("""
            insert into security.provider_answer (token_hash, organization_id, request_hash, assertion_hash, account_id, settings_version,
              authenticated_at, answered_at)
            values (@ticket, @organization, @request, @assertion, @account, @settingsVersion, @at, @now) on conflict do nothing
            """, new
        {
            ticket = RandomToken.HashOf(ticket),
            organization = organization.Value,
            request = HashOf(answer.Request),
            assertion = HashOf(answer.Assertion),
            account = account.Value,
            settingsVersion,
            at = answer.AuthenticatedAt.UtcDateTime,
            now = clock.GetUtcNow().UtcDateTime,
        }, ct) == 1 ? ticket : null;
    }

    /// <summary>One caller gets it, and only the one who asked: another's ticket is not used up by trying.</summary>
    public async Task<TakenAnswer?> Take(string ticket, BegunVisit asked, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return (await database.Rows<(Guid Account, long Version, DateTime At, Guid? Stamp)>("""
            update security.provider_answer set taken_at = @now where token_hash = @ticket and organization_id = @organization
              and request_hash = @request and taken_at is null and answered_at > @since
            returning account_id, settings_version, authenticated_at, (select stamp from security.password p
              where p.account_id = provider_answer.account_id)
            """, new
        {
            ticket = RandomToken.HashOf(ticket),
            organization = asked.Organization.Value,
            request = HashOf(asked.Request),
            now = now.UtcDateTime,
            since = (now - Waits).UtcDateTime
        }, ct))
            .Select(r => new TakenAnswer(new(r.Account), r.Version, r.At, r.Stamp)).SingleOrDefault();
    }

    static byte[] HashOf(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id));
}
