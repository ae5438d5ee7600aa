using DirectoryPlatform.Accounts.Claiming;
using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Bulk;

/// <param name="Draft">The list of accounts.</param>
sealed record BulkArguments(BulkDraftId Draft, BulkOrder Order);

/// <summary>Any bulk action on a fixed list of accounts (SPEC A10): the same decisions as one by one, thousands at a time.</summary>
sealed class BulkJob(IMediator mediator, AccountStore store, BulkDeeds deeds) : IBulkJob
{
    public const string JobKind = "bulk";

    public string Kind => JobKind;

    public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
    {
        var (draft, order) = KernelJson.Read<BulkArguments>(slice.Arguments);
        var accounts = await AccountChunk.Read(connection, AccountSource.Chosen(draft), slice, ct);
        if (deeds.Of(order.Action) is { } deed) return await deeds.Carry(deed, order, accounts, slice, connection, ct);
        var owned = await OwnedDomains(connection, order, accounts, ct);
        var roster = await AdminRoster.Of(connection, accounts, wait: true, ct);
        var codes = new string[accounts.Count];
        var (changes, facts) = (new List<GrainChange<Account>>(accounts.Count), new List<AccountFact>(accounts.Count));
        var entries = new List<AuditEntry>(accounts.Count);
        for (var i = 0; i < accounts.Count; i++)
        {
            var before = roster.Complete(accounts[i]);
            var outcome = order.Decide(before, owned, slice.Now);
            codes[i] = outcome.Granted ? order.Code : outcome.Refusal.Code;
            if (!outcome.Granted) continue;
            var after = Account.After(before, outcome.Value);
            roster.Now(after);
            changes.Add(new(before, after));
            facts.Add(outcome.Value);
            entries.Add(AuditEntry.Of(
                Guid.CreateVersion7(slice.Now), slice.Now, slice.Organization, slice.Origin with { Means = "job" }, before.Id.Value,
                outcome.Value, store.Shown(before), store.Shown(after)) with
            { Job = slice.Job.Value });
        }
        return AccountChunk.Result(slice, accounts, codes, changes.Count == 0 ? [] :
        [
            AccountStates.Save(changes),
            AuditLog.Insert(entries),
            AccountChunk.Tell(facts, slice, order.Notify),
        ]);
    }

    /// <summary>Held to the chunk's end, as a claim job does: an unclaiming that follows the loss of a domain waits for it.</summary>
    async Task<IReadOnlySet<string>> OwnedDomains(NpgsqlConnection connection, BulkOrder order, List<Account> accounts,
        CancellationToken ct)
    {
        var owned = new HashSet<string>();
        if (order.Action is not BulkAction.Reclaim) return owned;
        foreach (var domain in accounts.Select(a => a.Email?.Domain).OfType<string>().Distinct().Order())
        {
            await DomainLock.Shared(connection, domain, ct);
            if ((await mediator.Send(new WhoOwnsDomain(domain), ct))?.Organization == order.By) owned.Add(domain);
        }
        return owned;
    }
}
