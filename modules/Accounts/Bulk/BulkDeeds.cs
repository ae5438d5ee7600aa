using DirectoryPlatform.Accounts.Claiming;
using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Kernel;
using Npgsql;

namespace DirectoryPlatform.Accounts.Bulk;

/// <summary>Finds who carries out an action, and asks it as the account itself is asked for all others:
/// preview, export and run ask <see cref="Refused"/>.</summary>
sealed class BulkDeeds(IEnumerable<IBulkAction> deeds)
{
    /// <summary>Null for what the account's own rules decide.</summary>
    public IBulkAction? Of(BulkAction action) => deeds.SingleOrDefault(d => d.Action == action);

    /// <param name="something">Of <see cref="HasSomething"/>.</param>
    /// <returns>Null when it will be done; the fact, where the account's own rules decide.</returns>
    public (Refusal? Refusal, AccountFact? Fact) Refused(BulkOrder order, Account account, bool something, IReadOnlySet<string> owned,
        DateTimeOffset now)
    {
        if (Of(order.Action) is { } deed)
            return (deed.Refused(AccountReading.View(account), order.By, order.Actor) ?? (something ? null : deed.Nothing), null);
        var outcome = order.Decide(account, owned, now);
        return outcome.Granted ? (null, outcome.Value) : (outcome.Refusal, null);
    }

    /// <summary>A condition over <c>accounts.account a</c>.</summary>
    public string HasSomething(BulkAction action, string now, string by, string target) =>
        Of(action)?.HasSomething(now, by, target) ?? "true";

    public async Task<Chunk> Carry(IBulkAction deed, BulkOrder order, List<Account> accounts, JobSlice slice, NpgsqlConnection connection,
        CancellationToken ct)
    {
        var (codes, allowed) = (new string?[accounts.Count], new List<AccountView>(accounts.Count));
        for (var i = 0; i < codes.Length; i++)
        {
            var account = AccountReading.View(accounts[i]);
            if (deed.Refused(account, order.By, order.Actor) is { } refusal) codes[i] = refusal.Code;
            else allowed.Add(account);
        }
        if (allowed.Count == 0) return AccountChunk.Result(slice, accounts, codes!, []);
        var done = await deed.Do(
            new(allowed, order.By, order.Target, order.Notify, slice.Origin with { Means = "job" }, slice.Job, slice.Now), connection, ct);
        return done.Stop is { } reason
            ? new Chunk([], [], null, [], reason)
            : AccountChunk.Result(slice, accounts, [.. accounts.Select((account, i) => codes[i] ?? CodeOf(account))], done.Writes);

        string CodeOf(Account account) => done.Accounts.Contains(account.Id.Value) ? deed.Code : deed.Nothing.Code;
    }
}
