using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.SigningIn;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>Everything by which a person proved itself goes with the person (SPEC A6); refresh tokens go with their session.</summary>
sealed class ForgetCredentials : IErasePersonalData
{
    static readonly string[] Tables =
    [
        "password", "password_before", "password_reset", "two_step", "recovery_code",
        "session", "api_token", "api_key", "policy_member", "provider_answer",
    ];

    public IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails) =>
        Tables.Select(table => new NpgsqlBatchCommand($"delete from security.{table} where account_id = any($1)")
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = accounts } },
        }).Append(new("delete from security.api_answer a where exists (select from unnest($1) w where position(w in a.body) > 0)")
        {
            // Answers that a program can ask for again within a day name people.
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. accounts.Select(a => $"{a}"), .. emails] } },
        }).Concat(emails.Select(Throttle.BeginAnew));
}
