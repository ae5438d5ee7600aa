namespace DirectoryPlatform.Accounts;

/// <summary>
/// What each room does when people are erased (SPEC A6). The statements run in the transaction that erases the accounts: either all of a
/// person is gone, or nothing yet.
/// </summary>
public interface IErasePersonalData
{
    /// <param name="accounts">Ids, which stay.</param>
    /// <param name="emails">The addresses that these accounts had.</param>
    IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails);
}

/// <summary>The usual statement: a table's rows of these people.</summary>
public static class RowsOfPeople
{
    /// <param name="table">With its column account_id.</param>
    public static NpgsqlBatchCommand Delete(string table, Guid[] accounts) =>
        Statement.Of($"delete from {table} where account_id = any($1)", accounts);
}
