using System.Security.Cryptography;

namespace DirectoryPlatform.Kernel.Doors;

/// <summary>A refusal that ends by itself: the answer says after how many seconds (429 or 503 with Retry-After).</summary>
public interface IRetryLater
{
    int Seconds { get; }
}

/// <summary>A door is closed for a while (SPEC S11).</summary>
public sealed record TooManyRequests(int Seconds)
    : Refusal("tooManyRequests", $"{Why} Nothing was done. Try again in {Waits.InWords(Seconds)}."), IRetryLater
{
    const string Why = "Too many requests have come from your network or for this address.";
}

public static class Waits
{
    public static string InWords(int seconds) => seconds switch
    {
        1 => "a second",
        < 90 => $"{seconds} seconds",
        _ => $"{(seconds + 59) / 60} minutes",
    };
}

/// <summary>Asked by every anonymous door before anything dear is done (SPEC S11), on all nodes together.</summary>
public interface ILimiter
{
    /// <param name="origin">Whose network counts; one without an address, such as the console, is not counted.</param>
    /// <param name="target">The address, link or organization that is asked for; case and white space around it do not matter.</param>
    /// <returns>Null when the way is free.</returns>
    Task<TooManyRequests?> Enter(Door door, Origin origin, string? target, CancellationToken ct);
}

/// <summary>Counts in the database, one round trip for network and target. Every question counts, whatever becomes of it.</summary>
sealed class Limiter(NpgsqlDataSource database, TimeProvider clock, DoorSettings settings) : ILimiter, IRecurring
{
    public async Task<TooManyRequests?> Enter(Door door, Origin origin, string? target, CancellationToken ct)
    {
        var (keys, paces) = (new List<byte[]>(2), new List<Pace>(2));
        if (ClientNetwork.Of(origin.Address) is { } network) Add(door.Network, "network", network);
        if (door.Target is { } pace && !string.IsNullOrWhiteSpace(target)) Add(pace, "target", target.Trim().ToLowerInvariant());
        if (keys.Count == 0) return null;
        var steps = paces.ConvertAll(p => p.Per / Math.Max(1, p.AtOnce * settings.Times));
        await using var command = database.CreateCommand("select kernel.ask_at_door($1, $2, $3, $4)");
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. keys] });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan[]> { TypedValue = [.. steps] });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan[]> { TypedValue = [.. paces.Zip(steps, (p, step) => p.Per - step)] });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        return await command.ExecuteScalarAsync(ct) is double wait ? new TooManyRequests(Math.Max(1, (int)Math.Ceiling(wait))) : null;

        void Add(Pace pace, string kind, string value)
        {
            keys.Add(SHA256.HashData(Encoding.UTF8.GetBytes($"{door.Name}\n{kind}\n{value}")));
            paces.Add(pace);
        }
    }

    string IRecurring.Name => "forget counts at the doors";
    TimeSpan IRecurring.Every => TimeSpan.FromMinutes(10);

    async Task IRecurring.Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("delete from kernel.door_count where rest_at < @now", new { now = clock.GetUtcNow().UtcDateTime });
    }
}
