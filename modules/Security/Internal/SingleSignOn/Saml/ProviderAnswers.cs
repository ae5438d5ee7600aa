using System.Security.Cryptography;
using System.Text;
using Dapper;
using DirectoryPlatform.Accounts;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

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
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync("""
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
        }) == 1 ? ticket : null;
    }

    /// <summary>One caller gets it, and only the one who asked: another's ticket is not used up by trying.</summary>
    public async Task<TakenAnswer?> Take(string ticket, BegunVisit asked, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(Guid Account, long Version, DateTime At, Guid? Stamp)>("""
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
        }))
            .Select(r => new TakenAnswer(new(r.Account), r.Version, r.At, r.Stamp)).SingleOrDefault();
    }

    static byte[] HashOf(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id));
}
