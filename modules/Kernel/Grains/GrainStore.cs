using System.Data.Common;
using Npgsql;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>How one kind of grain is kept in PostgreSQL: what a module gives to <see cref="PostgresGrains{TState,TFact}"/>.</summary>
public abstract class GrainStore<TState, TFact>
    where TState : class
    where TFact : Fact
{
    /// <summary>Reads and locks rows: <c>$1</c> is a uuid[]; must end in <c>order by id for update</c>,
    /// so that turns never wait in a circle.</summary>
    public abstract string LoadSql { get; }

    public abstract TState Read(DbDataReader row);

    /// <summary>For what a decision needs beyond the row, such as who else is an admin;
    /// runs inside the transaction, after the rows are locked.</summary>
    public virtual Task Complete(NpgsqlConnection connection, Dictionary<Guid, TState> states, CancellationToken ct) => Task.CompletedTask;

    /// <summary>False when a change of one of them may change what the decision on another rests on:
    /// each then gets a transaction of its own.</summary>
    public virtual bool MayShareTransaction(IReadOnlyCollection<TState> states) => true;

    public abstract Guid IdOf(TState state);
    public abstract TState After(TState? before, TFact fact);

    /// <summary>Adds the statements that write the new states, each fenced by the version that was read (<c>kernel.expect</c>).</summary>
    public abstract void Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<TState>> changes);

    /// <summary>The refusal that a violated constraint stands for, or null when it is a bug.</summary>
    public virtual Refusal? RefusalFor(PostgresException violation) => null;

    /// <summary>The organization in whose log the change stands; null for a person's own doing.</summary>
    public abstract Guid? OrganizationOf(TState? before, TState after, TFact fact);

    public abstract IReadOnlyList<AuditedValue> Shown(TState? state);
}

/// <param name="Before">Null when the grain is new.</param>
public sealed record GrainChange<TState>(TState? Before, TState After) where TState : class;
