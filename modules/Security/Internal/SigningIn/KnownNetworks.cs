namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>
/// Whether somebody has signed in to an account from a network before: strangers who close a door, or fill a queue, then do not close it
/// to them (SPEC S11).
/// </summary>
sealed class KnownNetworks(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>For how long a network that somebody signed in from is taken for theirs (own choice).</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(30);

    /// <param name="account">Null for none: the same work is done.</param>
    public async Task<bool> Knows(AccountId? account, string? address, CancellationToken ct)
    {
        if (address is null) return false;
        return Contain(await database.Rows<string>(Sql,
            new { id = account?.Value ?? Guid.Empty, since = (clock.GetUtcNow() - Lasts).UtcDateTime }, ct), address);
    }

    /// <summary>Addresses for <see cref="Contain"/>.</summary>
    public const string Sql =
        "select distinct address from security.session where account_id = @id and address is not null and created_at > @since";

    public static bool Contain(IEnumerable<string> addresses, string? address) =>
        ClientNetwork.Of(address) is { } network && addresses.Any(a => ClientNetwork.Of(a) == network);
}
