using Npgsql;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// What each room does when people are erased (SPEC A6). The statements run in the transaction that erases the accounts: either all of a person is gone, or nothing yet.
/// </summary>
public interface IForgetPeople
{
    /// <param name="accounts">Ids, which stay.</param>
    /// <param name="emails">The addresses that these accounts had.</param>
    IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails);
}

/// <summary>The Accounts room's own tables and those of the Kernel, which knows no people.</summary>
sealed class ForgetAccounts : IForgetPeople
{
    public IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails) =>
    [
        On("delete from accounts.search where account_id = any($1)", accounts),
        On("delete from accounts.email_verification where account_id = any($1)", accounts),
        .. Kernel.AuditLog.Forget(accounts),
        Kernel.Outbox.Forget(accounts),
        Kernel.JobStore.Forget(accounts),
        Kernel.Mail.Forget(emails),
    ];

    static NpgsqlBatchCommand On(string sql, Guid[] accounts) => new(sql) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = accounts } } };
}
