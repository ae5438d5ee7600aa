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
