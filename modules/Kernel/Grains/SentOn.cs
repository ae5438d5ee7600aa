using System.Diagnostics;
using Orleans;
using Orleans.Runtime;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>As of when whoever sends a command to a grain was let in: when that is too old, the grain leaves the command to the direct
/// turn, which asks again.</summary>
/// <param name="AsOf">By the clock of the process that sends.</param>
/// <param name="Silo">Of that process.</param>
/// <param name="Age">When it was sent, in ticks.</param>
/// <param name="At">The same as <paramref name="AsOf"/> by the installation's clock, in ticks of UTC: what another process counts from, so
/// that the time on the way is in it, however long one of the two stood still; 0 from a node of the version before.</param>
[GenerateSerializer, Immutable, Alias("sent-on")]
readonly record struct SentOn([property: Id(0)] long AsOf, [property: Id(1)] int Silo, [property: Id(2)] long Age,
    [property: Id(3)] long At)
{
    const string Name = "sent on";

    public static void Say(long asOf, SiloAddress from, TimeProvider clock)
    {
        var age = Stopwatch.GetElapsedTime(asOf);
        RequestContext.Set(Name, new SentOn(asOf, from.GetConsistentHashCode(), age.Ticks, (clock.GetUtcNow() - age).UtcTicks));
    }

    /// <summary>By the clock of this process.</summary>
    public static long? AsOfHere(SiloAddress here, TimeProvider clock)
    {
        if (RequestContext.Get(Name) is not SentOn sent) return null;
        if (sent.Silo == here.GetConsistentHashCode()) return sent.AsOf;
        // Two nodes agree on the time within milliseconds; it was never younger than when it was sent.
        var age = TimeSpan.FromTicks(sent.At == 0 ? sent.Age : Math.Max(sent.Age, clock.GetUtcNow().UtcTicks - sent.At));
        return Stopwatch.GetTimestamp() - (long)(age.TotalSeconds * Stopwatch.Frequency);
    }
}
