namespace DirectoryPlatform.Accounts;

/// <summary>
/// The person did something just now (SPEC M1, last active). Told by whatever recognised them, as often as it likes: a row is written once
/// an hour at most, and never waited for. It is no turn: nothing is decided by it.
/// </summary>
public sealed record NoteActivity(AccountId Account, DateTimeOffset At) : IRequest<bool>
{
    /// <summary>For another room's batch. A row that a turn or a job holds is left for the next click.</summary>
    public NpgsqlBatchCommand Statement => Kernel.Storage.Statement.Of("""
        update accounts.account set last_active_at = $2
        where id = (
          select id from accounts.account where id = $1 and last_active_at < $2 - interval '1 hour' for no key update skip locked)
        """, Account.Value, At.UtcDateTime);
}

/// <summary>Whether the account may still do what it might when it was read, for another room's batch.</summary>
public static class StillTheSame
{
    public static NpgsqlBatchCommand Statement(AccountView seen) => Kernel.Storage.Statement.Of("""
        select exists (select from accounts.account where id = $1 and state = $2 and managed_by is not distinct from $3)
        """, seen.Id.Value, (short)seen.State, seen.ManagedBy?.Value);

    /// <summary>Whether it still has the address at which it was read, and may do as much: otherwise the batch fails as a lost race does
    /// (<c>kernel.expect</c>). The row stands still until the end, so a change of the address comes before or after all of it.</summary>
    public static NpgsqlBatchCommand AtItsAddress(AccountView seen) => Kernel.Storage.Statement.Of("""
        with held as (select id from accounts.account where id = $1 and email = $2 and state = $3 for share)
        select kernel.expect(1, (select count(*) from held))
        """, seen.Id.Value, seen.Email, (short)seen.State);
}
