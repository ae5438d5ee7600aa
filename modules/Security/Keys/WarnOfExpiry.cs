using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Keys;

/// <summary>
/// Mails an admin once before the own API key expires (SPEC P1): a week before, or when a quarter of its life is left, whichever comes
/// later. Whoever is no admin any more hears nothing: the key has stopped, and the page says so.
/// </summary>
sealed class WarnOfExpiry(NpgsqlDataSource database, IMediator mediator, PublicAddress address, Post post, TimeProvider clock) : IRecurring
{
    /// <summary>Time to look for where the key is used (own choice).</summary>
    static readonly TimeSpan Before = TimeSpan.FromDays(7);

    /// <summary>Keys warned of in one statement; the rest follow in the next run.</summary>
    const int AtOnce = 500;

    public string Name => "warn of expiring API keys";
    public TimeSpan Every => TimeSpan.FromMinutes(15);

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Mails and mark are one transaction: nobody is told twice, and nobody is left out by a process that dies.
        var due = (await connection.QueryAsync<(Guid Id, Guid Organization, Guid Account, string Name, DateTime Expires)>("""
            update security.api_key set warned_at = @now where id in (
              select id from security.api_key where warned_at is null and revoked_at is null and expires_at > @now
                and expires_at - @now <= least(@Before, (expires_at - created_at) / 4)
                and expires_at <= @latest order by expires_at limit @AtOnce for update skip locked)
            returning id, organization_id, account_id, name, expires_at
            """, new { now = now.UtcDateTime, Before, latest = (now + Before).UtcDateTime, AtOnce }, transaction)).AsList();
        if (due.Count == 0) return;
        var admins = (await mediator.Send(new ReadAccounts([.. due.Select(k => new AccountId(k.Account)).Distinct()]), ct))
            .Where(a => a.State is AccountState.Active).ToDictionary(a => a.Id.Value);
        var mails = due.Where(k => admins.TryGetValue(k.Account, out var admin)
            && admin.AdminOf.Contains(new OrganizationId(k.Organization))).Select(k => new Mail(
            admins[k.Account].Email, new ApiKeyExpiresLetter(admins[k.Account].Name, k.Name, ((DateTimeOffset)k.Expires).InLetters(),
                address.Link($"/o/{k.Organization}/api-keys")), k.Organization)).ToList();
        if (mails.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { Mail.Insert(mails, now) } };
            await batch.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
        post.Hurry();
    }
}
