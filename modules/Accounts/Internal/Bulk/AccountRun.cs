using System.Runtime.CompilerServices;

namespace DirectoryPlatform.Accounts.Internal.Bulk;

/// <summary>Any action on a list of accounts, or on all of a domain (SPEC A10, C2): the same decisions as one by one, thousands at a time.
/// </summary>
sealed class AccountRun(BulkAccountAction action, AccountStore store, AccountRanges ranges, IMediator mediator, NpgsqlDataSource database,
    TimeProvider clock) : IBulkAction
{
    readonly LifecycleAction? _own = action as LifecycleAction;
    readonly Refusal[] _reasons =
        action is DependentAction other ? [.. other.Obstacles("", "", "").Select(o => o.Reason)] : [new DeactivatedSince()];

    public string Name => action.Name;
    public string Code => action.Code;
    public BulkWords Words => action.Words;
    public string Family => action.Name == ManyAccounts.Claim ? ManyAccounts.ClaimFamily : ManyAccounts.Family;
    public string JobKind => _own?.JobKind ?? IBulkJob.UsualKind;
    public BulkUndo? Undo => action.Undo;
    public Task<Outcome<string>> Target(BulkDraft draft, CancellationToken ct) => action.Target(draft, ct);
    public string? ToType(BulkDraft draft, long number) => action.ToType(draft.Option<AccountOptions>(), number);

    /// <summary>A claim of all on a domain also says what becomes of those that appear later.</summary>
    public bool MayBeEmpty(BulkDraft draft) => draft.Everything && action.Name == ManyAccounts.Claim;

    public Task<Refusal?> Begin(BulkDraft draft, BulkOrder order, Origin origin, CancellationToken ct) =>
        _own?.Begin(draft.Option<AccountOptions>(), draft, order, origin, mediator, ct) ?? Task.FromResult<Refusal?>(null);

    public Task<(long Total, IReadOnlyList<JobRange> Ranges)> Ranges(BulkDraft draft, CancellationToken ct) =>
        ranges.Of(AccountSource.Of(draft), ct);

    public Task<BulkPreview> Preview(BulkDraft draft, Guid viewer, CancellationToken ct) => Numbers(draft, viewer).Of(ct);

    /// <summary>Who is not this organization's is counted and not named.</summary>
    public async IAsyncEnumerable<string[]> Lines(BulkDraft draft, Guid viewer, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return ["Name", "Email", "Account id", "Result"];
        await foreach (var (account, refusal) in Numbers(draft, viewer).Each(ct))
        {
            var ours = refusal is null || account.ManagedBy == draft.By;
            yield return [ours ? account.Name : "", account.Email?.Value ?? "", ours ? account.Id.ToString() : "",
                refusal?.Sentence ?? "will change"];
        }
    }

    AccountNumbers Numbers(BulkDraft draft, Guid viewer) =>
        new(this, new AccountOrder(draft, new(), viewer, new HashSet<string>(), clock.GetUtcNow()), database, mediator);

    public bool LooksAtPerson => _own?.LooksAtPerson ?? true;
    public bool AsksForDomains => _own?.AsksForDomains ?? false;

    /// <summary>An expression over <c>accounts.account a</c>: which of the action's obstacles stands in the way, from 0; null for none.
    /// </summary>
    /// <param name="undoes">Placeholder of the job that is undone, a uuid; null for none.</param>
    public string Obstacle(string now, string by, string target, string undoes) => action switch
    {
        DependentAction other =>
            $"case {string.Join(' ', other.Obstacles(now, by, target).Select((o, i) => $"when {o.Condition} then {i}"))} end",
        LifecycleAction { TakesBack: { Count: > 0 } deeds } => $"""
            case when {undoes}::uuid is null then null when {undoes}::uuid is distinct from (select e.job_id from kernel.audit_entry e
              where e.subject_id = a.id and e.action in ('{string.Join("', '", deeds)}') order by e.at desc, e.id desc limit 1) then 0 end
            """,
        _ => "null::integer",
    };

    /// <param name="obstacle">Of <see cref="Obstacle"/>.</param>
    /// <returns>Null when it will be done; the fact, where the account's own rules decide.</returns>
    public (Refusal? Refusal, AccountFact? Fact) Decide(Account account, int? obstacle, AccountOrder order)
    {
        if (action is DependentAction other)
            return (account.ManagedBy != order.By ? new NotManagedHere()
                : other.Refused(AccountReading.View(account), order.By, order.Actor) ?? (obstacle is { } i ? _reasons[i] : null), null);
        var outcome = _own!.Decide(account, order);
        return outcome.Granted && obstacle is { } since ? (_reasons[since], null)
            : outcome.Granted ? (null, outcome.Value)
            : (outcome.Refusal, null);
    }

    public async Task<Chunk> Next(BulkDraft draft, BulkOrder order, JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
    {
        var known = new AccountOrder(draft, order, slice.Origin.Actor, new HashSet<string>(), slice.Now);
        if (_own is not null && await _own.Enter(known, connection, mediator, ct) is { } reason) return new([], [], null, [], reason);
        var accounts = await AccountChunk.Read(connection, AccountSource.Of(draft), slice, ct);
        return action is DependentAction other
            ? await Carry(other, known, accounts, slice, connection, ct)
            : await Change(known with { Owned = await OwnedDomains(known, accounts, connection, ct) }, accounts, slice, connection, ct);
    }

    async Task<Chunk> Change(AccountOrder order, List<Account> accounts, JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
    {
        var roster = LooksAtPerson ? await AdminRoster.Of(connection, accounts, wait: true, ct) : null;
        var obstacles = await Obstacles(order, accounts, connection);
        var codes = new string[accounts.Count];
        var (changes, facts) = (new List<GrainChange<Account>>(accounts.Count), new List<AccountFact>(accounts.Count));
        for (var i = 0; i < codes.Length; i++)
        {
            var before = roster?.Complete(accounts[i]) ?? accounts[i];
            var (refusal, fact) = Decide(before, obstacles.GetValueOrDefault(before.Id.Value), order);
            codes[i] = refusal?.Code ?? action.Code;
            if (fact is null) continue;
            var after = Account.After(before, fact);
            changes.Add(new(before, after));
            facts.Add(fact);
            roster?.Now(after);
        }
        return AccountChunk.Result(slice, accounts, codes, changes.Count == 0 ? [] :
        [
            AccountStates.Save(changes), Audit(changes, facts, slice), AccountChunk.Tell(facts, slice, order.Order.Notify),
        ]);
    }

    /// <summary>What stands in the way of an undo. Whoever decides anew meanwhile makes the chunk begin again, by the row's version.
    /// </summary>
    async Task<IReadOnlyDictionary<Guid, int?>> Obstacles(AccountOrder order, List<Account> accounts, NpgsqlConnection connection) =>
        order.Draft.Undoes is not { } undoes || _own!.TakesBack.Count == 0 ? new Dictionary<Guid, int?>()
            : (await connection.QueryAsync<(Guid Id, int? Obstacle)>(
                $"select a.id, {Obstacle("", "", "", "@undoes")} from accounts.account a where a.id = any(@ids)",
                new { undoes, ids = accounts.Select(a => a.Id.Value).ToArray() })).ToDictionary(r => r.Id, r => r.Obstacle);

    NpgsqlBatchCommand Audit(List<GrainChange<Account>> changes, List<AccountFact> facts, JobSlice slice) =>
        _own!.OneAudit is { } all
            ? AccountChunk.Audit(changes, all, slice)
            : AuditLog.Insert([.. changes.Select((c, i) => AuditEntry.Of(Guid.CreateVersion7(slice.Now), slice.Now, slice.Organization,
                slice.Origin with { Means = "job" }, c.After.Id.Value, facts[i], store.Shown(c.Before!), store.Shown(c.After)) with
            { Job = slice.Job.Value })]);

    async Task<Chunk> Carry(DependentAction other, AccountOrder order, List<Account> accounts, JobSlice slice, NpgsqlConnection connection,
        CancellationToken ct)
    {
        var codes = accounts.Select(a => Decide(a, null, order).Refusal?.Code).ToArray();
        var allowed = accounts.Where((_, i) => codes[i] is null).Select(AccountReading.View).ToArray();
        if (allowed.Length == 0) return AccountChunk.Result(slice, accounts, codes!, []);
        // The chunk was read without a lock.
        var managed = (await connection.QueryAsync<Guid>(AccountSql.StillManaged,
            new { ids = allowed.Select(a => a.Id.Value).ToArray(), by = order.By.Value })).ToHashSet();
        var change = new Change(connection, slice.Origin with { Means = "job" }, slice.Now, slice.Job);
        var done = await other.Do(new([.. allowed.Where(a => managed.Contains(a.Id.Value))], order.By, order.Options.Target,
            order.Order.Notify), change, ct);
        if (done.Stop is { } reason) return new([], [], null, [], reason);
        await change.Save(ct);
        // Whoever was passed over is asked for the reason in the same transaction, as in a preview.
        var passed = await AccountNumbers.Read(this, order, connection, "id = any($1)",
            allowed.Select(a => a.Id.Value).Where(id => !done.Accounts.Contains(id)).ToArray(), ct);
        var reasons = passed.ToDictionary(p => p.Account.Id, p => (Decide(p.Account, p.Obstacle, order).Refusal ?? _reasons[0]).Code);
        return AccountChunk.Result(slice, accounts,
            [.. accounts.Select((a, i) => codes[i] ?? (done.Accounts.Contains(a.Id.Value) ? other.Code
                : reasons.GetValueOrDefault(a.Id, _reasons[0].Code)))], []);
    }

    /// <summary>Held to the chunk's end, as a claim does: an unclaiming that follows the loss of a domain waits for it.</summary>
    async Task<IReadOnlySet<string>> OwnedDomains(AccountOrder order, List<Account> accounts, NpgsqlConnection connection,
        CancellationToken ct)
    {
        var owned = new HashSet<string>();
        if (!AsksForDomains) return owned;
        foreach (var domain in accounts.Select(a => a.Email?.Domain).OfType<string>().Distinct().Order())
        {
            await DomainLock.Shared(connection, domain, ct);
            if ((await mediator.Send(new WhoOwnsDomain(domain), ct))?.Organization == order.By) owned.Add(domain);
        }
        return owned;
    }
}
