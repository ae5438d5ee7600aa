using System.Text.Json.Serialization;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>
/// One command to one grain, as data: serialisable, holding no service, and deciding by itself. Any host that delivers it to the
/// single writer of <see cref="Target"/> may run it.
/// </summary>
public abstract record GrainCommand<TState, TFact>(Origin Origin) : IRequest<Outcome<TFact>>
    where TState : class
    where TFact : Fact
{
    /// <summary>Becomes the audit entry's id, so that sending the same command again after a lost answer changes nothing twice.</summary>
    public Guid CommandId { get; init; } = Guid.CreateVersion7();

    [JsonIgnore] public abstract Guid Target { get; }

    /// <summary>True for what brings a grain into being: there is nothing to remember yet, and the database alone knows what is
    /// taken.</summary>
    [JsonIgnore] public virtual bool BeginsGrain => false;

    /// <summary>True for what always changes more than the grain's row, where the grain leaves that to the direct turn
    /// (<see cref="GrainStore{TState,TFact}.GrainWritesMore"/>): it would be woken and read for nothing.</summary>
    [JsonIgnore] public virtual bool ChangesMoreThanRow => false;

    /// <summary>False for what must not be refused because much else waits (<see cref="Busy"/>), such as what takes something away.
    /// </summary>
    [JsonIgnore] public virtual bool MayBePutOff => true;

    /// <summary>The state as whoever asks has just read it: as good a guess as memory is, for a grain that remembers nothing. What is
    /// granted on it is fenced by its version, and what is refused is read again.</summary>
    [JsonIgnore] public virtual TState? Guess => null;

    /// <summary>Pure: no I/O, no clock, no randomness. <paramref name="state"/> is null when the grain does not exist yet.</summary>
    public abstract Outcome<TFact> Decide(TState? state, DateTimeOffset now);
}
