namespace DirectoryPlatform.Kernel.Storage.Keys;

/// <summary>What a start found and did.</summary>
/// <param name="Rows">Of the key ring.</param>
/// <param name="WereClear">Rows that lay in clear and are sealed now.</param>
/// <param name="WereOlder">Rows that an older key of the file had sealed.</param>
public sealed record KeyRingState(int Rows, int WereClear, int WereOlder);

/// <summary>
/// The key ring as it lies in the database. Everything else that must be kept secret and read again (secrets of two-step verification and
/// of webhooks, tickets) is sealed by the ring, so that sealing the
/// ring's few rows seals all of it, and a new key costs these few rows.
/// </summary>
/// <remarks>
/// A whole row is sealed, not its secret part by an <c>IXmlEncryptor</c>: that one writes the full name of a class with the version of its
/// program into the row, which nodes of another version could not
/// load, and a row that does not open is passed over there in silence, where a start must refuse.
/// </remarks>
public static class KeyRingAtRest
{
    /// <summary>Nobody else writes a row meanwhile; reading goes on.</summary>
    internal const string Lock = "lock table kernel.data_protection_key in share row exclusive mode";

    /// <summary>Seals every row by the first key of the file, in one transaction; any number of nodes may do so at once.</summary>
    /// <param name="file">Null when none is named: then nothing may be sealed.</param>
    /// <exception cref="KeyFileException">A row does not open, or is sealed and there is no file. Nothing was changed.</exception>
    public static async Task<KeyRingState> Prepare(NpgsqlDataSource database, KeyFile? file, CancellationToken ct)
    {
        var keys = file?.ReadAnew();
        await using var connection = await database.OpenConnectionAsync(ct);
        var (clear, older, rows) = (0, 0, 0);
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await connection.ExecuteAsync(Lock, transaction: transaction);
            const string all = "select name, xml from kernel.data_protection_key";
            foreach (var (name, xml) in await connection.QueryAsync<(string Name, string Xml)>(all, transaction: transaction))
            {
                rows++;
                var isSealed = FileKeys.IsSealed(xml);
                var open = Open(file, name, xml);
                if (keys is null || isSealed && FileKeys.SealedBy(xml) == keys.First) continue;
                await connection.ExecuteAsync("update kernel.data_protection_key set xml = @xml where name = @name",
                    new { name, xml = keys.Seal(name, open) }, transaction);
                if (isSealed) older++;
                else clear++;
            }
            await transaction.CommitAsync(ct);
        }
        if (clear + older > 0) await Rewrite(connection);
        return new(rows, clear, older);
    }

    /// <summary>A row in clear.</summary>
    /// <exception cref="KeyFileException">It is sealed and does not open.</exception>
    internal static string Open(KeyFile? file, string name, string xml) =>
        !FileKeys.IsSealed(xml) ? xml : (file ?? throw Missing()).Open(name, xml);

    internal static KeyFileException Missing() => new(
        "The secrets of this database are sealed by a key that is not in it, and no key file is named. "
        + "Set Keys__File to the file that the other nodes, or the last start, had.");

    /// <summary>
    /// What the rows were before lies in the table's file until that is written anew. Best done, not needed: a user who may not, or a table
    /// in use, is no reason to stand still.
    /// </summary>
    static async Task Rewrite(NpgsqlConnection connection)
    {
        await connection.ExecuteAsync("set lock_timeout = '5s'");
        try { await connection.ExecuteAsync("vacuum full kernel.data_protection_key"); }
        catch (PostgresException) { }
        await connection.ExecuteAsync("reset lock_timeout");
    }
}
