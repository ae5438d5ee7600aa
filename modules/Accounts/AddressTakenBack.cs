namespace DirectoryPlatform.Accounts;

/// <summary>
/// Until when goes what was begun in an account whose address was taken back (SPEC A15). The turn that gives it back comes first, and
/// whoever had the account in between is still there until Security has ended it all: a moment later, or more if the process dies between
/// the two.
/// </summary>
public static class AddressTakenBack
{
    /// <summary>In the transaction that ends it: the first one says when, and whoever hears of it later is told the same, so that what the
    /// owner has begun since stays.</summary>
    /// <param name="left">As in <see cref="EmailAddressChanged.TakenBack"/>.</param>
    /// <returns>Null when the address is forgotten: that is weeks later, or with the person.</returns>
    public static async Task<DateTimeOffset?> Settle(NpgsqlConnection connection, Guid left, DateTimeOffset now, CancellationToken ct) =>
        await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            "update accounts.left_address set settled_at = coalesce(settled_at, @now) where id = @left returning settled_at",
            new { left, now = now.UtcDateTime }, cancellationToken: ct));
}
