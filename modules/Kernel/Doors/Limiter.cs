using System.Diagnostics;
using System.Security.Cryptography;

namespace DirectoryPlatform.Kernel.Doors;

/// <summary>A door is closed for a while (SPEC S11).</summary>
public sealed record TooManyRequests(int Seconds)
    : Refusal("tooManyRequests", $"{Why} Nothing was done. Try again in {Waits.InWords(Seconds)}."), IRetryLater
{
    const string Why = "Too many requests have come from your network or for this address.";
}

/// <summary>Asked by every anonymous door before anything dear is done (SPEC S11), on all nodes together.</summary>
public interface ILimiter
{
    /// <param name="origin">Whose network counts; one without an address, such as the console, is not counted.</param>
    /// <param name="target">The address, link or organization that is asked for; case and white space around it do not matter.</param>
    /// <returns>Null when the way is free.</returns>
    Task<TooManyRequests?> Enter(Door door, Origin origin, string? target, CancellationToken ct);
}

/// <summary>Network and target are counted one after the other: what the network may not ask costs the target nothing. Every question
/// counts, whatever becomes of it.</summary>
sealed class Limiter(SharedCounts counts, NpgsqlDataSource database, DoorSettings settings) : ILimiter, IRecurring
{
    public async Task<TooManyRequests?> Enter(Door door, Origin origin, string? target, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var refused = ClientNetwork.Of(origin.Address) is { } network && await Wait(door.Network, "network", network) is { } far ? far
            : door.Target is { } pace && !string.IsNullOrWhiteSpace(target) ? await Wait(pace, "target", target.Trim().ToLowerInvariant())
            : null;
        if (refused is not null) Meters.Limited.Count("limit", door.Name);
        return refused;

        async Task<TooManyRequests?> Wait(Pace pace, string kind, string value)
        {
            var key = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{door.Name}\n{kind}\n{value}")).AsSpan(0, 16));
            var left = settings.Patience - Stopwatch.GetElapsedTime(began);
            return await counts.Take(key, Rate.Of(pace, settings.Times), 1, left, ct) is { } wait
                ? new TooManyRequests(Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds - Rounding)))
                : null;
        }
    }

    /// <summary>Two clocks may differ in how they round.</summary>
    const double Rounding = 0.001;

    string IRecurring.Name => "forget counts at the doors";
    TimeSpan IRecurring.Every => TimeSpan.FromMinutes(10);

    /// <summary>A grain deletes its row when all its counts are at rest; this is for rows that no grain has come back to. The longest pace
    /// is an hour.</summary>
    async Task IRecurring.Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("delete from orleans.grain_state where modified_at < clock_timestamp() - interval '2 hours'");
    }
}
