using System.Diagnostics;
using Orleans;
using Orleans.Runtime;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>As of when whoever sends a command to a grain was let in: when that is too old, the grain leaves the command to the direct
/// turn, which asks again.</summary>
/// <param name="AsOf">By the clock of the process that sends.</param>
/// <param name="Silo">Of that process.</param>
/// <param name="Age">When it was sent, in ticks: what another process can count on from.</param>
[GenerateSerializer, Immutable, Alias("sent-on")]
readonly record struct SentOn([property: Id(0)] long AsOf, [property: Id(1)] int Silo, [property: Id(2)] long Age)
{
    const string Name = "sent on";

    public static void Say(long asOf, SiloAddress from) =>
        RequestContext.Set(Name, new SentOn(asOf, from.GetConsistentHashCode(), Stopwatch.GetElapsedTime(asOf).Ticks));

    /// <summary>By the clock of this process; of a command from another one, without the time that it was on its way.</summary>
    public static long? AsOfHere(SiloAddress here) => RequestContext.Get(Name) is not SentOn sent ? null
        : sent.Silo == here.GetConsistentHashCode() ? sent.AsOf
        : Stopwatch.GetTimestamp() - (long)(TimeSpan.FromTicks(sent.Age).TotalSeconds * Stopwatch.Frequency);
}
