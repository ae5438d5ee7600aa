using Orleans;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>A grain that takes turns. Nodes of two versions speak to each other through it, so its one method never changes; what a command
/// or a fact holds may only grow, by members with defaults.</summary>
public interface ITurnGrain<TState, TFact> : IGrainWithGuidKey
    where TState : class
    where TFact : Fact
{
    [Alias("turn")]
    Task<TurnAnswer<TFact>> Turn(GrainCommand<TState, TFact> command);
}

/// <summary>A fact or a refusal, as it travels.</summary>
/// <param name="From">The silo that the grain lives in, so that its next call knows whom it waits for.</param>
[GenerateSerializer, Immutable, Alias("turn-answer`1")]
public readonly record struct TurnAnswer<TFact>(
    [property: Id(0)] TFact? Fact, [property: Id(1)] Refusal? Refusal, [property: Id(2)] Orleans.Runtime.SiloAddress? From)
    where TFact : Fact
{
    internal Outcome<TFact> Outcome => Fact is { } fact ? fact : Refusal!;
}
