using Dapper;
using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Bulk;

/// <summary>
/// The dry run's numbers (SPEC C8): accounts that differ in nothing a bulk decision looks at are counted together and one of each group is
/// decided on. Admins and the asker are decided on one by one, as in the job.
/// </summary>
sealed class BulkNumbers(NpgsqlDataSource database, IMediator mediator, BulkDeeds deeds, TimeProvider clock)
{
    const int SampleSize = 5;

    /// <param name="Refusal">Null when they will change.</param>
    public sealed record Group(Refusal? Refusal, long Accounts, IReadOnlyList<SampleAccount> Sample);

    public async Task<(IReadOnlyList<Group> Groups, IReadOnlyList<BlockedAccount> Special)> Of(BulkDraft draft, BulkOrder order,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new($"""
            select a.state, a.managed_by is null as free, coalesce(a.managed_by = @by, false) as ours, coalesce(a.deletion_due_at <= @now,
              false) as due,
              case when @byDomain then a.domain end as domain, {deeds.HasSomething(order.Action, "@now", "@by", "@target")} as something,
                count(*) as accounts, (array_agg(a.id order by a.id))[1:5] as sample
            from accounts.bulk_draft_account d join accounts.account a on a.id = d.account_id
            where d.draft_id = @draft and a.admin_of is null and a.id is distinct from @actor group by 1, 2, 3, 4, 5, 6
            """, new
        {
            by = order.By.Value,
            actor = order.Actor,
            now = now.UtcDateTime,
            byDomain = order.Action is BulkAction.Reclaim,
            target = order.Target,
            draft = draft.Id
        }, commandTimeout: 120, cancellationToken: ct))).AsList();
        var special = await Special(connection, draft, order, ct);
        var owned = await Owned(order,
            [.. rows.Select(r => r.Domain).Concat(special.Select(a => a.Account.Email?.Domain)).OfType<string>().Distinct()], ct);
        var groups = new List<Group>();
        foreach (var row in rows)
            groups.Add(new(deeds.Refused(order, row.Representative(order.By, now), row.Something, owned, now).Refusal, row.Accounts,
                await Names(connection, row.Sample)));
        var blocked = new List<BlockedAccount>();
        foreach (var (account, refusal) in await OneByOne(connection, special, order, owned, now, ct))
        {
            if (refusal is Yourself or LastOrganizationAdmin or AdminOutOfReach) blocked.Add(new(account.Id, account.Name, refusal));
            groups.Add(new(refusal, 1, [new(account.Id, account.Name, account.Email?.Value ?? "")]));
        }
        return (groups, blocked);
    }

    /// <summary>What an account-by-account answer needs to know beforehand:
    /// the decisions on admins and the asker, and the domains that are owned.</summary>
    public async Task<(IReadOnlyDictionary<AccountId, Refusal?> Special, IReadOnlySet<string> Owned)> Known(BulkDraft draft,
        BulkOrder order, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var special = await Special(connection, draft, order, ct);
        var domains = order.Action is not BulkAction.Reclaim ? [] : await connection.QueryAsync<string>("""
            select distinct a.domain from accounts.bulk_draft_account d join accounts.account a on a.id = d.account_id
              where d.draft_id = @draft and a.domain is not null
            """, new { draft = draft.Id });
        var owned = await Owned(order, [.. domains], ct);
        return ((await OneByOne(connection, special, order, owned, clock.GetUtcNow(), ct)).ToDictionary(d => d.Account.Id, d => d.Refusal),
            owned);
    }

    /// <summary>The draft's accounts, each with whether there is something to do with it; to be read by <see cref="Read"/>.</summary>
    /// <param name="which">A condition more; <c>$2</c> is the asker.</param>
    public NpgsqlCommand Accounts(NpgsqlConnection connection, BulkDraft draft, BulkOrder order, string which) => new($"""
        select {AccountStore.Columns}, {deeds.HasSomething(order.Action, "$3", "$4", "$5")} from accounts.account a
        where {which} and $2::uuid is not null and $3::timestamptz is not null and $4::uuid is not null and ($5::text is null or true)
          and id in (select account_id from accounts.bulk_draft_account where draft_id = $1) order by id
        """, connection)
    {
        CommandTimeout = 120,
        Parameters =
        {
            new() { Value = draft.Id }, new() { Value = order.Actor ?? Guid.Empty }, new() { Value = clock.GetUtcNow().UtcDateTime },
            new() { Value = order.By.Value },
            new() { Value = (object?)order.Target ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
        },
    };

    public static (Account Account, bool Something) Read(NpgsqlDataReader row) =>
        (AccountStore.ReadRow(row), row.GetBoolean(row.FieldCount - 1));

    async Task<List<(Account Account, Refusal? Refusal)>> OneByOne(
        NpgsqlConnection connection, List<(Account Account, bool Something)> special, BulkOrder order, IReadOnlySet<string> owned,
        DateTimeOffset now, CancellationToken ct)
    {
        var roster = await AdminRoster.Of(connection, special.Select(s => s.Account), wait: false, ct);
        var decided = new List<(Account, Refusal?)>(special.Count);
        foreach (var (account, something) in special)
        {
            var before = roster.Complete(account);
            var (refusal, fact) = deeds.Refused(order, before, something, owned, now);
            if (fact is not null) roster.Now(Account.After(before, fact));
            decided.Add((account, refusal));
        }
        return decided;
    }

    async Task<List<(Account Account, bool Something)>> Special(NpgsqlConnection connection, BulkDraft draft, BulkOrder order,
        CancellationToken ct)
    {
        await using var command = Accounts(connection, draft, order, "(admin_of is not null or id = $2)");
        await using var rows = await command.ExecuteReaderAsync(ct);
        var special = new List<(Account, bool)>();
        while (await rows.ReadAsync(ct)) special.Add(Read(rows));
        return special;
    }

    async Task<IReadOnlySet<string>> Owned(BulkOrder order, string[] domains, CancellationToken ct)
    {
        var owned = new HashSet<string>();
        if (order.Action is not BulkAction.Reclaim) return owned;
        foreach (var domain in domains)
            if ((await mediator.Send(new WhoOwnsDomain(domain), ct))?.Organization == order.By) owned.Add(domain);
        return owned;
    }

    static async Task<IReadOnlyList<SampleAccount>> Names(NpgsqlConnection connection, Guid[] ids) =>
        [.. (await connection.QueryAsync<(Guid Id, string Name, string? Email)>(
            "select id, name, email from accounts.account where id = any(@ids) order by id limit @SampleSize", new { ids, SampleSize }))
            .Select(a => new SampleAccount(new(a.Id), a.Name, a.Email ?? ""))];

    sealed record Row
    {
        public short State { get; init; }
        public bool Free { get; init; }
        public bool Ours { get; init; }
        public bool Due { get; init; }
        public string? Domain { get; init; }
        public bool Something { get; init; }
        public long Accounts { get; init; }
        public Guid[] Sample { get; init; } = [];

        /// <summary>Nobody's id: neither the asker's nor that of a job which nobody asked for.</summary>
        static readonly AccountId Nobody = new(Guid.AllBitsSet);

        public Account Representative(OrganizationId by, DateTimeOffset now) => new(
            Nobody, 1, Domain is null ? null : EmailAddress.Trusted($"x@{Domain}"), "", (AccountState)State, true,
            Free ? null : Ours ? by : default(OrganizationId), null, default,
            Due ? now : now + Account.DeletionGrace, null, null, [], [], []);
    }
}
