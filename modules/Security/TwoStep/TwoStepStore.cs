using System.Security.Cryptography;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace DirectoryPlatform.Security.TwoStep;

/// <summary>Two-step verification's rows: the sealed secret, the newest step used, hashes of recovery codes.</summary>
sealed class TwoStepStore(NpgsqlDataSource database, IDataProtectionProvider protection, IMediator mediator, PublicAddress address,
    Post post, TimeProvider clock)
{
    /// <summary>Longer than any code, however it is spaced.</summary>
    const int LongestTyped = 40;

    readonly IDataProtector _protector = protection.CreateProtector("two-step secret");

    public async Task<DateTimeOffset?> OnSince(AccountId account, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<DateTime?>("select on_since from security.two_step where account_id = @id",
            new { id = account.Value });
    }

    /// <summary>A code of the app, each step once; or a recovery code, each once.
    /// The database decides, so that no two nodes take the same one.</summary>
    public async Task<bool> Accepts(AccountId account, string? typed, Origin origin, CancellationToken ct)
    {
        if (typed is null || typed.Length > LongestTyped) return false;
        var code = RecoveryCodes.Plain(typed);
        if (code.Length != Totp.Digits || !code.All(char.IsAsciiDigit)) return await UsesUp(account, code, origin, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        var secret = await connection.ExecuteScalarAsync<string?>("select secret from security.two_step where account_id = @id",
            new { id = account.Value });
        if (secret is null) return false;
        foreach (var step in Totp.Matches(Open(secret), code, clock.GetUtcNow()))
            if (await connection.ExecuteAsync("update security.two_step set last_step = @step where account_id = @id and last_step < @step",
                new { id = account.Value, step }) == 1)
                return true;
        return false;
    }

    async Task<bool> UsesUp(AccountId id, string code, Origin origin, CancellationToken ct)
    {
        var account = await mediator.Send(new ReadAccount(id), ct);
        if (!account.Granted) return false;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync("delete from security.recovery_code where account_id = @id and hash = @hash",
            new { id = id.Value, hash = RecoveryCodes.HashOf(id, code) }) != 1) return false;
        var left = await connection.ExecuteScalarAsync<long>("select count(*) from security.recovery_code where account_id = @id",
            new { id = id.Value });
        var letter = new RecoveryCodeUsedLetter(account.Value.Name, left switch { 0 => "no code", 1 => "1 code", _ => $"{left} codes" },
            address.Link("/account/two-step"));
        await Tell(connection, account.Value, "RecoveryCodeUsed", letter, origin, now, ct);
        await transaction.CommitAsync(ct);
        post.Hurry();
        return true;
    }

    /// <param name="step">The one whose code confirmed the set-up; it counts as used.</param>
    /// <returns>The recovery codes; null when it was on already.</returns>
    public async Task<IReadOnlyList<string>?> TurnOn(AccountView account, byte[] secret, long step, Origin origin, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var on = await connection
            .ExecuteAsync(
                "insert into security.two_step (account_id, secret, on_since, last_step) values (@id, @secret, @now, @step) "
                + "on conflict do nothing",
            new { id = account.Id.Value, secret = Convert.ToBase64String(_protector.Protect(secret)), now = now.UtcDateTime, step });
        if (on != 1) return null;
        var codes = await Give(connection, account.Id, now);
        await Tell(connection, account, "TwoStepTurnedOn", new TwoStepTurnedOnLetter(account.Name, address.Link("/forgot-password")),
            origin, now, ct);
        await transaction.CommitAsync(ct);
        post.Hurry();
        return codes;
    }

    /// <returns>Null when it is off.</returns>
    public async Task<IReadOnlyList<string>?> NewCodes(AccountView account, Origin origin, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteScalarAsync<Guid?>("select account_id from security.two_step where account_id = @id for update",
            new { id = account.Id.Value }) is null) return null;
        var codes = await Give(connection, account.Id, now);
        await Tell(connection, account, "RecoveryCodesReplaced", null, origin, now, ct);
        await transaction.CommitAsync(ct);
        return codes;
    }

    /// <returns>False when it was off.</returns>
    public async Task<bool> TurnOff(AccountView account, Origin origin, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync("delete from security.two_step where account_id = @id", new { id = account.Id.Value }) != 1)
            return false;
        await connection.ExecuteAsync("delete from security.recovery_code where account_id = @id", new { id = account.Id.Value });
        await Tell(connection, account, "TwoStepTurnedOff",
            new TwoStepTurnedOffLetter(account.Name, false, address.Link("/account/two-step")), origin, now, ct);
        await transaction.CommitAsync(ct);
        post.Hurry();
        return true;
    }

    /// <summary>The same by an admin; whom it may reach is asked once more where the row stands still (SPEC S13).</summary>
    /// <param name="letters">To the other admins.</param>
    public async Task<Outcome<Done>> Reset(
        AccountView account, IReadOnlyList<OrganizationId>? asker, Origin origin,
        Func<DateTimeOffset, Task<IReadOnlyList<(Guid Admin, Mail Mail)>>> letters, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var told = await letters(now);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if ((await AdminRows.Refused(connection, [account], asker, ct)).TryGetValue(account.Id.Value, out var refusal)) return refusal;
        if (await connection.ExecuteAsync("delete from security.two_step where account_id = @id", new { id = account.Id.Value }) != 1)
            return new TwoStepOff();
        await connection.ExecuteAsync("delete from security.recovery_code where account_id = @id", new { id = account.Id.Value });
        await Tell(connection, account, "TwoStepReset", new TwoStepTurnedOffLetter(account.Name, true, address.Link("/account/two-step")),
            origin, now, ct);
        if (told.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Mail.Insert([.. told.Select(t => t.Mail)], now) } };
            await batch.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
        post.Hurry();
        return Done.It;
    }

    static async Task<IReadOnlyList<string>> Give(NpgsqlConnection connection, AccountId account, DateTimeOffset now)
    {
        var codes = RecoveryCodes.New();
        await connection
            .ExecuteAsync(
                "delete from security.recovery_code where account_id = @id; insert into security.recovery_code (account_id, hash, made_at) "
                + "select @id, hash, @now from unnest(@hashes) hash",
            new
            {
                id = account.Value,
                now = now.UtcDateTime,
                hashes = codes.Select(c => RecoveryCodes.HashOf(account, RecoveryCodes.Plain(c))).ToArray()
            });
        return codes;
    }

    /// <summary>History and mail in the caller's transaction.</summary>
    static async Task Tell(NpgsqlConnection connection, AccountView account, string action, Letter? letter, Origin origin,
        DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands
            .Add(AuditLog.Insert(
                [new(Guid.CreateVersion7(now), now, account.ManagedBy?.Value, origin, account.Id.Value, action, null, null, null, null,
                    null)]));
        if (letter is not null) batch.BatchCommands.Add(new Mail(account.Email, letter, account.ManagedBy?.Value).Insert(now));
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <exception cref="CryptographicException">The keys that sealed it are gone.</exception>
    byte[] Open(string secret) => _protector.Unprotect(Convert.FromBase64String(secret));
}
