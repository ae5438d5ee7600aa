using DirectoryPlatform.Accounts;
using Npgsql;

namespace DirectoryPlatform.Security.Hearing;

/// <summary>Passwords and sessions go with the person (SPEC A6).</summary>
sealed class ForgetCredentials : IForgetPeople
{
    public IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails) =>
        ((string[])["password", "session", "policy_member"]).Select(table => new NpgsqlBatchCommand($"delete from security.{table} where account_id = any($1)")
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = accounts } },
        });
}
