using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Passwords;

/// <summary>The password rows.</summary>
sealed class PasswordStore(NpgsqlDataSource database, PasswordHashing hashing, TimeProvider clock) : IRequestHandler<GivePassword, Outcome<Done>>
{
    /// <summary>SPEC S1.</summary>
    const int Min = 8, Max = 100;

    public static Refusal? Check(string? password) =>
        password?.Length is not (>= Min and <= Max) ? new InvalidValue("password", $"Choose a password of {Min} to {Max} characters.") : null;

    public async Task<string?> HashOf(AccountId account, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<string?>("select hash from security.password where account_id = @id", new { id = account.Value });
    }

    public async Task<Outcome<Done>> Handle(GivePassword command, CancellationToken ct)
    {
        if (Check(command.Password) is { } refusal) return refusal;
        var hash = await hashing.Hash(command.Password, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("""
            insert into security.password (account_id, hash, set_at) select id, @hash, @now from unnest(@ids) id
            on conflict (account_id) do update set hash = excluded.hash, set_at = excluded.set_at
            """, new { ids = command.Accounts.Select(a => a.Value).ToArray(), hash, now = clock.GetUtcNow().UtcDateTime });
        return Done.It;
    }
}
