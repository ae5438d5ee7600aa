using System.Security.Cryptography;
using System.Text;
using Dapper;
using DirectoryPlatform.Kernel;
using Npgsql;

namespace DirectoryPlatform.Security.SignInRules;

/// <summary>
/// Growing pauses after wrong passwords (SPEC S1), per account and per address, on all nodes together. A pause on an account is short even at its longest, so that
/// a stranger can slow a person down but never lock them out.
/// </summary>
sealed class Throttle(NpgsqlDataSource database, TimeProvider clock) : IRecurring
{
    const int FreeTriesPerAccount = 5;
    const int FreeTriesPerAddress = 20;
    static readonly TimeSpan LongestPerAccount = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestPerAddress = TimeSpan.FromMinutes(10);

    /// <summary>After this long without a wrong try all is forgotten.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <returns>How long to wait; zero or less when the way is free.</returns>
    public async Task<TimeSpan> Pause(string email, string? address, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var closedTo = await connection.ExecuteScalarAsync<DateTime?>("select max(closed_to) from security.sign_in_throttle where key = any(@keys)", new { keys = Keys(email, address) });
        return closedTo is { } at ? at - clock.GetUtcNow().UtcDateTime : TimeSpan.Zero;
    }

    public async Task Failed(string email, string? address, CancellationToken ct)
    {
        var keys = Keys(email, address);
        await using var connection = await database.OpenConnectionAsync(ct);
        for (var i = 0; i < keys.Length; i++)
            await connection.ExecuteAsync("""
                insert into security.sign_in_throttle as t (key, failures, last_at, closed_to) values (@key, 1, @now, @now)
                on conflict (key) do update set last_at = @now,
                  failures = case when t.last_at < @forgotten then 1 else t.failures + 1 end,
                  closed_to = @now + case when t.last_at < @forgotten or t.failures < @free then interval '0' else least(@longest, interval '1 second' * power(2, least(t.failures - @free, 20))) end
                """, new
            {
                key = keys[i],
                now = clock.GetUtcNow().UtcDateTime,
                forgotten = (clock.GetUtcNow() - Memory).UtcDateTime,
                free = i == 0 ? FreeTriesPerAccount : FreeTriesPerAddress,
                longest = i == 0 ? LongestPerAccount : LongestPerAddress,
            });
    }

    public async Task Succeeded(string email, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("delete from security.sign_in_throttle where key = @key", new { key = Keys(email, null)[0] });
    }

    string IRecurring.Name => "forget old sign-in failures";
    TimeSpan IRecurring.Every => Memory;

    async Task IRecurring.Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("delete from security.sign_in_throttle where last_at < @forgotten", new { forgotten = (clock.GetUtcNow() - Memory).UtcDateTime });
    }

    static byte[][] Keys(string email, string? address) => address is null ? [Key("account", email)] : [Key("account", email), Key("address", address)];

    static byte[] Key(string kind, string value) => SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{value.Trim().ToLowerInvariant()}"));
}
