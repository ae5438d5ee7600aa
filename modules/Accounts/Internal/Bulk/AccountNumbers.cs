using System.Runtime.CompilerServices;

namespace DirectoryPlatform.Accounts.Internal.Bulk;

/// <summary>
/// The dry run's numbers (SPEC C8): accounts that differ in nothing a decision looks at are counted together and one of each group is
/// decided on. Where it matters who somebody is, admins and the asker are decided on one by one, as in the job.
/// </summary>
sealed class AccountNumbers(AccountRun action, AccountOrder order, NpgsqlDataSource database, IMediator mediator)
{
    const int SampleSize = 5;

    const string OfList = "kernel.bulk_item d join accounts.account a on a.id = d.item where d.draft_id = @list";
    const string OfDomain = "accounts.account a where a.domain = @domain";

    readonly AccountSource _source = AccountSource.Of(order.Draft);

    public async Task<BulkPreview> Of(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new($"""
            select a.state, a.managed_by is null as free, coalesce(a.managed_by = @by, false) as ours,
              coalesce(a.deletion_due_at <= @now, false) as due, coalesce(a.excluded_by @> array[@by], false) as excluded,
              a.state = 0 and a.signed_up as waiting, case when @byDomain or a.domain = @lost then a.domain end as domain,
              {action.Obstacle("@now", "@by", "@target", "@undoes")} as obstacle, count(*) as accounts,
              (array_agg(a.id order by a.id) filter (where @sampled))[1:5] as sample
            from {(_source.Domain is null ? OfList : OfDomain)} and (not @byPerson or (a.admin_of is null and a.id is distinct from @actor))
            group by 1, 2, 3, 4, 5, 6, 7, 8
            """, new
        {
            by = order.By.Value,
            actor = order.Actor,
            now = order.Now.UtcDateTime,
            byDomain = action.AsksForDomains || order.Options.DomainName is not null,
            lost = FormerAddress.Domain,
            byPerson = action.LooksAtPerson,
            // Of all on a domain nobody needs five names, and to sort a million takes a second.
            sampled = _source.Domain is null,
            target = order.Options.Target,
            undoes = order.Draft.Undoes,
            list = _source.List,
            domain = _source.Domain,
        }, commandTimeout: 120, cancellationToken: ct))).AsList();
        var special = await Special(connection, ct);
        var known = await Known([.. rows.Select(r => r.Domain).Concat(special.Select(a => a.Account.Email?.Domain)).OfType<string>()], ct);
        var counts = new List<BulkCount>();
        foreach (var row in rows)
        {
            var refusal = action.Decide(row.Representative(known), row.Obstacle, known).Refusal;
            counts.Add(new(refusal is null ? Code : null, refusal, row.Accounts,
                refusal is null && row.Sample is { } ids ? await Names(connection, ids) : []));
        }
        var blocked = new List<BulkBlocked>();
        foreach (var (account, refusal) in await OneByOne(connection, special, known, ct))
        {
            if (refusal is Yourself or LastOrganizationAdmin or AdminOutOfReach) blocked.Add(new(account.Id, account.Name, refusal));
            counts.Add(new(refusal is null ? Code : null, refusal, 1, [new(account.Id, account.Name) { Email = account.Email?.Value }]));
        }
        return new(counts) { Blocked = blocked };
    }

    /// <summary>Account by account: null when it will change.</summary>
    public async IAsyncEnumerable<(Account Account, Refusal? Refusal)> Each([EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var special = await Special(connection, ct);
        var domains = !action.AsksForDomains ? [] : await connection.QueryAsync<string>("""
            select distinct a.domain from kernel.bulk_item d join accounts.account a on a.id = d.item
              where d.draft_id = @list and a.domain is not null
            """, new { list = _source.List });
        var known = await Known([.. domains], ct);
        var decided = (await OneByOne(connection, special, known, ct)).ToDictionary(d => d.Account.Id, d => d.Refusal);
        await using var command = Command(action, order, connection, Meant, _source.Key);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var (account, obstacle) = Read(rows);
            yield return (account, decided.TryGetValue(account.Id, out var one) ? one : action.Decide(account, obstacle, known).Refusal);
        }
    }

    string Code => action.Code;

    /// <summary>The condition for the draft's accounts, with its key as <c>$1</c>.</summary>
    string Meant => _source.Domain is null ? "id in (select item from kernel.bulk_item where draft_id = $1)" : "domain = $1";

    Task<List<(Account Account, int? Obstacle)>> Special(NpgsqlConnection connection, CancellationToken ct) => action.LooksAtPerson
        ? Read(action, order, connection, $"(admin_of is not null or id = $2) and {Meant}", _source.Key, ct)
        : Task.FromResult<List<(Account, int?)>>([]);

    /// <summary>Accounts, each with its <see cref="AccountRun.Obstacle"/>.</summary>
    /// <param name="which">A condition; <c>$1</c> is the key, <c>$2</c> the asker.</param>
    public static async Task<List<(Account Account, int? Obstacle)>> Read(AccountRun action, AccountOrder order,
        NpgsqlConnection connection, string which, object key, CancellationToken ct)
    {
        var accounts = new List<(Account, int?)>();
        await using var command = Command(action, order, connection, which, key);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) accounts.Add(Read(rows));
        return accounts;
    }

    static NpgsqlCommand Command(AccountRun action, AccountOrder order, NpgsqlConnection connection, string which, object key) => new($"""
        select {AccountStore.Columns}, {action.Obstacle("$3", "$4", "$5", "$6")} from accounts.account a
        where {which} and $2::uuid is not null and $3::timestamptz is not null and $4::uuid is not null and ($5::text is null or true)
          and ($6::uuid is null or true)
        order by id
        """, connection)
    {
        CommandTimeout = 120,
        Parameters =
        {
            new() { Value = key }, new() { Value = order.Actor ?? Guid.Empty }, new() { Value = order.Now.UtcDateTime },
            new() { Value = order.By.Value },
            new() { Value = (object?)order.Options.Target ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = (object?)order.Draft.Undoes ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
        },
    };

    static (Account Account, int? Obstacle) Read(NpgsqlDataReader row) =>
        (AccountStore.ReadRow(row), row.IsDBNull(row.FieldCount - 1) ? null : row.GetInt32(row.FieldCount - 1));

    async Task<List<(Account Account, Refusal? Refusal)>> OneByOne(NpgsqlConnection connection,
        List<(Account Account, int? Obstacle)> special, AccountOrder known, CancellationToken ct)
    {
        var roster = await AdminRoster.Of(connection, special.Select(s => s.Account), wait: false, ct);
        var decided = new List<(Account, Refusal?)>(special.Count);
        foreach (var (account, obstacle) in special)
        {
            var before = roster.Complete(account);
            var (refusal, fact) = action.Decide(before, obstacle, known);
            if (fact is not null) roster.Now(Account.After(before, fact));
            decided.Add((account, refusal));
        }
        return decided;
    }

    async Task<AccountOrder> Known(IReadOnlyCollection<string> domains, CancellationToken ct)
    {
        var owned = new HashSet<string>();
        if (!action.AsksForDomains) return order;
        foreach (var domain in domains.Distinct())
            if ((await mediator.Send(new WhoOwnsDomain(domain), ct))?.Organization == order.By) owned.Add(domain);
        return order with { Owned = owned };
    }

    static async Task<IReadOnlyList<BulkSample>> Names(NpgsqlConnection connection, Guid[] ids) =>
        [.. (await connection.QueryAsync<(Guid Id, string Name, string? Email)>(
            "select id, name, email from accounts.account where id = any(@ids) order by id limit @SampleSize", new { ids, SampleSize }))
            .Select(a => new BulkSample(new(a.Id), a.Name) { Email = a.Email })];

    sealed record Row
    {
        public short State { get; init; }
        public bool Free { get; init; }
        public bool Ours { get; init; }
        public bool Due { get; init; }
        public bool Excluded { get; init; }
        public bool Waiting { get; init; }
        public string? Domain { get; init; }
        public int? Obstacle { get; init; }
        public long Accounts { get; init; }
        public Guid[]? Sample { get; init; }

        /// <summary>Nobody's id: neither the asker's nor that of a job which nobody asked for.</summary>
        static readonly AccountId Nobody = new(Guid.AllBitsSet);

        public Account Representative(AccountOrder order) => new(
            Nobody, 1, Domain is null ? null : EmailAddress.Trusted($"x@{Domain}"), "", (AccountState)State, true,
            Free ? null : Ours ? order.By : default(OrganizationId), null, default,
            Due ? order.Now : order.Now + Account.DeletionGrace, null, null, [], [], Excluded ? [order.By] : [])
        { SignedUp = Waiting };
    }
}
