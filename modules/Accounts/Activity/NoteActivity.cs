using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// The person did something just now (SPEC M1, last active). Told by whatever recognised them, as often as it likes: a row is written once
/// an hour at most, and never waited for. It is no turn: nothing is decided by it.
/// </summary>
public sealed record NoteActivity(AccountId Account, DateTimeOffset At) : IRequest<bool>;

/// <returns>Whether a row was written.</returns>
sealed class NoteActivityHandler(NpgsqlDataSource database) : IRequestHandler<NoteActivity, bool>
{
    public async Task<bool> Handle(NoteActivity command, CancellationToken ct)
    {
        // A row that a turn or a job holds is left for the next click.
        await using var note = database.CreateCommand("""
            update accounts.account set last_active_at = $2
            where id = (
              select id from accounts.account where id = $1 and last_active_at < $2 - interval '1 hour' for no key update skip locked)
            """);
        note.Parameters.Add(new() { Value = command.Account.Value });
        note.Parameters.Add(new() { Value = command.At.UtcDateTime });
        return await note.ExecuteNonQueryAsync(ct) == 1;
    }
}
