namespace DirectoryPlatform.Kernel.Grains;

/// <summary>
/// Takes turns: load, decide, save, one command at a time for one id on all nodes together. This is the whole surface that grains offer the
/// modules: no handler knows whether a grain of Orleans takes the turn or the database alone.
/// </summary>
public interface IGrains<TState, TFact>
    where TState : class
    where TFact : Fact
{
    /// <summary>Ends after the commit. A lost race is decided again on the newer state; the caller never sees it.</summary>
    Task<Outcome<TFact>> Turn(GrainCommand<TState, TFact> command, CancellationToken ct = default);

    /// <summary>One outcome per command, in input order; each command is granted or refused on its own.</summary>
    Task<IReadOnlyList<Outcome<TFact>>> TurnMany(IReadOnlyList<GrainCommand<TState, TFact>> commands, CancellationToken ct = default);
}
