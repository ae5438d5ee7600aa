using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Internal.Activity;

/// <returns>Whether a row was written.</returns>
sealed class NoteActivityHandler(NpgsqlDataSource database) : IRequestHandler<NoteActivity, bool>
{
    public async Task<bool> Handle(NoteActivity command, CancellationToken ct)
    {
        await using var note = database.CreateBatch();
        note.BatchCommands.Add(command.Statement);
        return await note.ExecuteNonQueryAsync(ct) == 1;
    }
}
