using Npgsql;

namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>For transactions that write thousands of new accounts.</summary>
static class BulkInsertSettings
{
    /// <summary>
    /// The trigram index gathers new entries in a list and sorts them in when it is full. A list of 4 MB, the default, is sorted in every
    /// 20,000 accounts; a longer one meets more entries of the same trigram at once.
    /// Searches walk what is waiting, so the length is a compromise.
    /// </summary>
    public static async Task Expect(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var settings = new NpgsqlCommand("set local gin_pending_list_limit = '16MB'; set local work_mem = '64MB'", connection);
        await settings.ExecuteNonQueryAsync(ct);
    }
}
