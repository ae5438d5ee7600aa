using System.Data.Common;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>How one kind of grain is kept in PostgreSQL: what a module gives to the grains, to <see cref="GroupCommit{TState,TFact}"/> and
/// to the direct turn (<see cref="PostgresGrains{TState,TFact}"/>).</summary>
public abstract class GrainStore<TState, TFact>
    where TState : class
    where TFact : Fact
{
    /// <summary>Reads rows without a lock, as <see cref="Read"/> takes them: <c>$1</c> is a uuid[].</summary>
    public abstract string ReadSql { get; }

    /// <summary>
    /// Locks the rows and nothing else: must end in <c>order by id for update</c>, so that turns never wait in a circle. They are read by a
    /// statement of their own after it: one that both reads and waits for a lock sees the tables beside the row as they were before.
    /// </summary>
    public abstract string LockSql { get; }

    public abstract TState Read(DbDataReader row);

    /// <summary>For what a decision needs beyond the row, such as who else is an admin;
    /// runs inside the transaction, after the rows are locked.</summary>
    public virtual Task Complete(NpgsqlConnection connection, Dictionary<Guid, TState> states, CancellationToken ct) => Task.CompletedTask;

    /// <summary>False when a change of one of them may change what the decision on another rests on:
    /// each then gets a transaction of its own.</summary>
    public virtual bool MayShareTransaction(IReadOnlyCollection<TState> states) => true;

    /// <summary>False when a decision on it rests on more than its own row: <see cref="Complete"/> then finds out, under locks.</summary>
    public virtual bool DecidesAlone(TState state) => true;

    /// <summary>Whether <see cref="UpdateSql"/> writes all that the change is. What it does not write, such as the rows beside the grain's
    /// own, is for <see cref="Save"/>.</summary>
    public virtual bool IsRowAlone(TState before, TState after) => true;

    /// <summary>Who writes a change that is more than the row: the grain, as a transaction of its own in one round trip
    /// (<see cref="SingleCommit{TState,TFact}"/>), or the direct turn.</summary>
    public virtual bool GrainWritesMore => false;

    /// <summary>What is written along with the row in its transaction, behind <see cref="Save"/>.</summary>
    public virtual IEnumerable<NpgsqlBatchCommand> Beside(GrainCommand<TState, TFact> command, TFact fact) => [];

    /// <summary>The turn's entry in the audit log; null for what is no deed.</summary>
    public virtual AuditEntry? EntryOf(GrainCommand<TState, TFact> command, TState? before, TState after, TFact fact, DateTimeOffset now) =>
        AuditEntry.Of(command.CommandId, now, OrganizationOf(before, after, fact), command.Origin, command.Target, fact, Shown(before),
            Shown(after));

    /// <summary>Commands that were done before (<c>$1</c> is a uuid[]): id, the fact's name, and the fact, whole and its personal
    /// values.</summary>
    public virtual string DoneSql => DoneCommands<TFact>.Sql;

    /// <summary>What the grain sends behind its commit in the same round trip, each by itself: such as looks at what was changed
    /// meanwhile. A direct turn does not.</summary>
    public virtual IEnumerable<NpgsqlBatchCommand> Behind(GrainCommand<TState, TFact> command, TFact fact) => [];

    /// <summary>Reads what they answer, which follows what <see cref="Save"/> answers.</summary>
    public virtual Task<TFact> ReadBehind(NpgsqlDataReader rows, TFact fact) => Task.FromResult(fact);

    /// <summary>
    /// Updates the rows of grains that exist, each where id <i>and</i> version are as they were read; without <c>with</c> and semicolon.
    /// The first row of parameters is number 1, and <c>n.no</c> comes back for each row that was saved.
    /// </summary>
    public abstract string UpdateSql { get; }

    /// <summary>Adds the parameters of <see cref="UpdateSql"/>, in order.</summary>
    public abstract void AddRows(NpgsqlParameterCollection to, IReadOnlyList<GrainChange<TState>> changes);

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
