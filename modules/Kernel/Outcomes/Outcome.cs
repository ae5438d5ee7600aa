using System.Diagnostics.CodeAnalysis;

namespace DirectoryPlatform.Kernel.Outcomes;

/// <summary>An outcome, whatever was asked for.</summary>
public interface IOutcome
{
    /// <summary>Null when granted.</summary>
    Refusal? Refusal { get; }
}

/// <summary>Either what was asked for or the reason why not. Expected answers travel as outcomes;
/// only the unexpected is an exception.</summary>
public readonly struct Outcome<T> : IOutcome where T : notnull
{
    readonly T? _value;

    Outcome(T? value, Refusal? refusal) => (_value, Refusal) = (value, refusal);

    /// <summary>Null when granted.</summary>
    public Refusal? Refusal { get; }

    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Granted => Refusal is null;

    /// <exception cref="InvalidOperationException">The outcome is a refusal; ask <see cref="Granted"/> first.</exception>
    public T Value => Granted && _value is not null ? _value : throw new InvalidOperationException($"Refused: {Refusal?.Code}");

    public static implicit operator Outcome<T>(T value) => new(value, null);
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);

    /// <summary>Carries the refusal over, or turns the value into something else.</summary>
    public Outcome<TOther> Map<TOther>(Func<T, TOther> turn) where TOther : notnull => Granted ? turn(Value) : Refusal;

    /// <summary>Carries the refusal over, or goes on with the value.</summary>
    public Task<Outcome<TOther>> Then<TOther>(Func<T, Task<Outcome<TOther>>> next) where TOther : notnull =>
        Granted ? next(Value) : Task.FromResult<Outcome<TOther>>(Refusal);
}

/// <summary>The value of an outcome that has nothing to say but yes.</summary>
public sealed record Done
{
    public static readonly Done It = new();
}
