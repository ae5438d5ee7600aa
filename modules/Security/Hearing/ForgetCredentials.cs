using DirectoryPlatform.Accounts;
using Npgsql;

namespace DirectoryPlatform.Security.Hearing;

/// <summary>Passwords, sessions and tokens go with the person (SPEC A6); refresh tokens go with their session.</summary>
sealed class ForgetCredentials : IForgetPeople
{
    public IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails) =>
        ((string[])["password", "session", "api_token"]).Select(table => new NpgsqlBatchCommand($"delete from security.{table} where account_id = any($1)")
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = accounts } },
        });
}
