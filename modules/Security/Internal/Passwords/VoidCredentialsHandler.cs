using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Sessions;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.Passwords;

sealed class VoidCredentialsHandler(UnitOfWork work, RecentVisitors recent)
    : IRequestHandler<VoidCredentials, Outcome<Done>>
{
    static readonly string[] Tables = ["password", "password_before", "password_reset", "two_step", "recovery_code", "session", "api_token",
        "api_key", "provider_answer"];

    public async Task<Outcome<Done>> Handle(VoidCredentials command, CancellationToken ct)
    {
        var outcome = await work.Run<Done>(command.Origin, async change =>
        {
            // Before anything is deleted: what waits in other rooms, too (SPEC A14).
            var gone = await change.Run(
            [
                .. WaitingLinks.Void([command.Account.Value], change.Now),
                .. Tables.Select(table => new NpgsqlBatchCommand($"delete from security.{table} where account_id = $1")
                {
                    Parameters = { new() { Value = command.Account.Value } },
                }),
            ], ct);
            if (gone == 0) return change.Unchanged();
            change.WriteAudit(command.Organization, command.Account.Value, SecurityActions.CredentialsVoided);
            return Done.It;
        }, ct);
        recent.Forget();
        return outcome;
    }
}
