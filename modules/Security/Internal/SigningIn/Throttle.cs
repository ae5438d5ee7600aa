namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>What is guessed at: a password at the sign-in, the same in a session that is open already, a code, or whether an address leads
/// to a provider. Each is counted by itself.</summary>
enum ThrottledBy { Password, Proof, Code, Provider }

/// <summary>One try, counted before it is looked at.</summary>
/// <param name="Pause">Seconds to wait; null when the way is free.</param>
/// <param name="Row">Where wrong ones in a row are counted; null for whoever is known.</param>
/// <param name="ShowMailbox">There were too many in a row: from here, the mailbox opens and no password does.</param>
readonly record struct Attempt(byte[] Account, byte[]? Address, int? Pause, byte[]? Row = null, bool ShowMailbox = false)
{
    /// <summary>Why there is nothing to look at; null when the way is free.</summary>
    public Refusal? Refusal => ShowMailbox ? new ShowMailboxFirst() : Pause is { } pause ? new TooManyAttempts(pause) : null;
}

/// <summary>
/// Growing pauses after wrong passwords and codes (SPEC S1), per account and per address, on all nodes together. A try is counted before
/// the hash is computed and given back when it was right, so that a burst of guesses gets no further than the same guesses one by one. A
/// stranger can slow a person down but never lock them out: a pause on an account is short even at its longest, a stranger's own address is
/// stopped first, and who comes from a network known to the account is counted apart, and by account alone.
/// </summary>
sealed class Throttle(NpgsqlDataSource database, KnownNetworks networks, TimeProvider clock) : IRecurring
{
    const int FreeTriesPerAccount = 5;
    /// <summary>Tries under way count: an office behind one address may sign in at nine (own choice). Passwords and codes share these;
    /// looking for a provider has as many of its own, so that nobody's addresses use up anybody's passwords.</summary>
    const int FreeTriesPerAddress = 50;

    static readonly TimeSpan LongestPerAddress = TimeSpan.FromMinutes(10);

    /// <summary>After this long without a wrong try the pauses are forgotten.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>
    /// Wrong passwords in a row, however long it takes (NIST SP 800-63B, 3.2.2): then whoever comes from a network that the account does
    /// not know proves the mailbox, by the link of a forgotten
    /// password. A right password from such a network, or that link, begins anew; a sign-in from a known one does not, or its person
    /// would give a guesser a hundred more every morning.
    /// </summary>
    internal const int MostInARow = 100;

    /// <summary>Of a name at which nobody has guessed for so long nothing is kept (own choice).</summary>
    static readonly TimeSpan MemoryOfRows = TimeSpan.FromDays(90);

    /// <summary>Six digits are few, and only who knows the password comes to guess them: that pause may be long (own choice).</summary>
    static TimeSpan LongestPerAccount(ThrottledBy by) => by switch
    {
        ThrottledBy.Password or ThrottledBy.Proof or ThrottledBy.Provider => TimeSpan.FromSeconds(30),
        ThrottledBy.Code => TimeSpan.FromMinutes(15),
    };

    /// <param name="name">The address that was typed, or the account's id.</param>
    /// <param name="account">Null for none: the same work is done.</param>
    /// <param name="known">Whether the account knows the network, where that was asked already.</param>
    public async Task<Attempt> Enter(ThrottledBy by, string name, AccountId? account, string? address, CancellationToken ct,
        bool? known = null)
    {
        var (now, network) = (clock.GetUtcNow(), ClientNetwork.Of(address));
        var isKnown = known ?? await networks.Knows(account, address, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        var keys = (Account: Key($"account {by}", isKnown ? $"{name}\n{network}" : name),
            Address: network is null || isKnown ? null : Key(by is ThrottledBy.Provider ? $"address {by}" : "address", network));
        var row = by is ThrottledBy.Password && !isKnown ? RowOf(name) : null;
        var (addressFree, accountFree, rowFree) = await connection.QuerySingleAsync<(bool, bool, bool)>(CountSql, new
        {
            address = keys.Address,
            account = keys.Account,
            row,
            freeOfAddress = FreeTriesPerAddress,
            freeOfAccount = FreeTriesPerAccount,
            longestOfAddress = LongestPerAddress,
            longestOfAccount = LongestPerAccount(by),
            most = MostInARow,
            now = now.UtcDateTime,
            forgotten = (now - Memory).UtcDateTime,
        });
        if (accountFree) return new(keys.Account, keys.Address, null, row, ShowMailbox: row is not null && !rowFree);
        if (addressFree)
        {
            await using var uncount = new NpgsqlBatch(connection) { BatchCommands = { Alone(UncountSql, keys.Address!) } };
            await uncount.ExecuteNonQueryAsync(ct);
        }
        var closedTo =
            await connection.ExecuteScalarAsync<DateTime?>("select max(closed_to) from security.sign_in_throttle where key = any(@keys)",
                new { keys = new[] { keys.Account, keys.Address ?? keys.Account } });
        return new(keys.Account, keys.Address,
            Math.Max(1, (int)Math.Ceiling(((closedTo ?? now.UtcDateTime) - now.UtcDateTime).TotalSeconds)));
    }

    /// <summary>It was right: no try at all.</summary>
    public async Task GiveBack(Attempt attempt, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        foreach (var command in GivingBack(attempt)) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The same in a batch of others. Each by itself: rows that many want are held no longer than that.</summary>
    public static IEnumerable<NpgsqlBatchCommand> GivingBack(Attempt attempt)
    {
        yield return Alone("delete from security.sign_in_throttle where key = $1", attempt.Account);
        // A pause that is still on began with this very try: nobody gets in during one.
        if (attempt.Address is not null) yield return Alone(UncountSql, attempt.Address);
        if (attempt.Row is not null) yield return Alone("delete from security.wrong_in_a_row where key = $1", attempt.Row);
    }

    static NpgsqlBatchCommand Alone(string sql, byte[] key) =>
        new(sql) { Parameters = { new() { Value = key } }, AppendErrorBarrier = true };

    /// <summary>The person has shown the mailbox.</summary>
    public static NpgsqlBatchCommand BeginAnew(string email) =>
        Statement.Of("delete from security.wrong_in_a_row where key = $1", RowOf(email));

    static byte[] RowOf(string name) => Key("row", name);

    /// <summary>
    /// The address first: what it may not try costs the account nothing. Who is known is not held up by strangers behind the same one. A
    /// way that is closed counts nothing, and nothing behind it. Many at once wait for each other at the rows, always in this order.
    /// </summary>
    const string CountSql = """
        with address as (
          insert into security.sign_in_throttle as t (key, failures, last_at, closed_to)
          select @address::bytea, 1, @now, to_timestamp(0) where @address::bytea is not null
          on conflict (key) do update set last_at = @now,
            failures = case when t.last_at < @forgotten then 1 else t.failures + 1 end,
            closed_to = case when t.last_at < @forgotten or t.failures < @freeOfAddress then t.closed_to
              else @now + least(@longestOfAddress, interval '1 second' * power(2, least(t.failures - @freeOfAddress, 20))) end
          where t.closed_to <= @now returning 1),
        account as (
          insert into security.sign_in_throttle as t (key, failures, last_at, closed_to)
          select @account, 1, @now, to_timestamp(0) where @address::bytea is null or exists (select from address)
          on conflict (key) do update set last_at = @now,
            failures = case when t.last_at < @forgotten then 1 else t.failures + 1 end,
            closed_to = case when t.last_at < @forgotten or t.failures < @freeOfAccount then t.closed_to
              else @now + least(@longestOfAccount, interval '1 second' * power(2, least(t.failures - @freeOfAccount, 20))) end
          where t.closed_to <= @now returning 1),
        in_a_row as (
          insert into security.wrong_in_a_row as r (key, failures, last_at)
          select @row::bytea, 1, @now where @row::bytea is not null and exists (select from account)
          on conflict (key) do update set failures = r.failures + 1, last_at = @now where r.failures < @most returning 1)
        select exists (select from address), exists (select from account), exists (select from in_a_row)
        """;

    const string UncountSql =
        "update security.sign_in_throttle set failures = greatest(failures - 1, 0), closed_to = to_timestamp(0) where key = $1";

    string IRecurring.Name => "forget old sign-in failures";
    TimeSpan IRecurring.Every => Memory;

    async Task IRecurring.Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("delete from security.sign_in_throttle where last_at < @forgotten",
            new { forgotten = (clock.GetUtcNow() - Memory).UtcDateTime });
        await connection.ExecuteAsync("delete from security.wrong_in_a_row where last_at < @forgotten",
            new { forgotten = (clock.GetUtcNow() - MemoryOfRows).UtcDateTime });
    }

    static byte[] Key(string kind, string value) => SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{value.Trim().ToLowerInvariant()}"));
}
