using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Sessions;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security;

/// <summary>
/// Takes everything away by which somebody could come in to an account that was begun with an address and never verified, before the
/// address is given to its person (SPEC P2): whoever began it may have been somebody else. Changes nothing where there is nothing.
/// </summary>
public sealed record VoidCredentials(AccountId Account, OrganizationId Organization, Origin Origin) : IRequest<Outcome<Done>>;

sealed class VoidCredentialsHandler(NpgsqlDataSource database, RecentVisitors recent, TimeProvider clock)
    : IRequestHandler<VoidCredentials, Outcome<Done>>
{
    static readonly string[] Tables = ["password", "password_before", "password_reset", "two_step", "recovery_code", "session", "api_token",
        "api_key", "provider_answer"];

    public async Task<Outcome<Done>> Handle(VoidCredentials command, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        // Before anything is deleted: what waits in other rooms, too (SPEC A14).
        foreach (var statement in WaitingLinks.Void([command.Account.Value], now)) batch.BatchCommands.Add(statement);
        foreach (var table in Tables)
            batch.BatchCommands.Add(
                new($"delete from security.{table} where account_id = $1") { Parameters = { new() { Value = command.Account.Value } } });
        if (await batch.ExecuteNonQueryAsync(ct) == 0) return Done.It;
        await using var tell = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
                { AuditLog.Insert(
                    [new(Guid.CreateVersion7(now), now, command.Organization.Value, command.Origin, command.Account.Value,
                        "CredentialsVoided", null, null, null, null, null)]) },
        };
        await tell.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        recent.Forget();
        return Done.It;
    }
}
