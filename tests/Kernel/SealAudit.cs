using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Whatever is done to the sealed log behind the product's back is found and named (SPEC L2).</summary>
[Collection(Programs.Name)]
public sealed class SealAudit : OnInstallation
{
    /// <summary>What transactions of other databases on this server keep open is waited for, too: they are counted together.</summary>
    static Task SealAll(TestInstallation node) => TestInstallation.Others(async () =>
        !await node.Services.GetRequiredService<AuditSealing>().SealSome(CancellationToken.None)
        && !await node
        .Scalar<bool>("select exists (select from kernel.audit_entry e, kernel.audit_sealed f where (e.xid, e.id) > (f.xid, f.id))"),
        TimeSpan.FromMinutes(2), "entries are not sealed");

    static async Task<(IReadOnlyList<AuditBreak> Breaks, IReadOnlyDictionary<Guid, AuditChain> Chains)> Check(
        IAsyncEnumerable<AuditSeal> seals)
    {
        var (breaks, chains) = (new List<AuditBreak>(), new Dictionary<Guid, AuditChain>());
        await foreach (var seal in seals)
        {
            if (!chains.TryGetValue(seal.Chain, out var chain)) chains.Add(seal.Chain, chain = new(seal.Chain));
            breaks.AddRange(chain.Check(seal));
        }
        return (breaks, chains);
    }

    SealedLog Log => Here.Services.GetRequiredService<SealedLog>();
    async Task<IReadOnlyList<AuditBreak>> Breaks() => (await Check(Log.Seals(null, CancellationToken.None))).Breaks;

    async Task<OrganizationId> Acme(int people)
    {
        var acme = await Here.Organization("acme");
        var ada = await Here.Admin(acme, "ada@acme.example");
        for (var i = 0; i < people; i++)
        {
            var person = await Here.Account($"p{i}@acme.example", $"Zoë “{i}” Ünal", managedBy: acme);
            await Here.Grant(new ChangeDetail(person, acme, AccountDetail.JobTitle, null, "Wächter 守衛 \\ \"x\"",
                new Origin(ada.Value, "web", "203.0.113.7", "req-1")));
        }
        await SealAll(Here);
        return acme;
    }

    [Fact, Trait("Rule", "L2")]
    public async Task Every_entry_is_sealed_once_in_the_chain_of_its_organization()
    {
        var acme = await Acme(20);
        await Here.Organization("globex");
        await SealAll(Here);
        var (breaks, chains) = await Check(Log.Seals(null, CancellationToken.None));
        breaks.ShouldBeEmpty();
        chains[acme.Value].Entries.ShouldBe(await Here.Scalar<long>("select count(*) from kernel.audit_entry where organization_id = @id",
            new { id = acme.Value }));
        chains.Values.Sum(c => c.Entries).ShouldBe(await Here.Scalar<long>("select count(*) from kernel.audit_entry"));
        chains.Count.ShouldBe(3);
        (await Log.WrittenInAfterwards(10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact, Trait("Rule", "L2")]
    public async Task Nodes_that_seal_at_once_while_others_write_leave_none_out_and_take_none_twice()
    {
        await using var node = Here.AnotherNode();
        using var stop = new CancellationTokenSource();
        var sealing = new[] { Here, node, Here, node }.Select(n => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await n.Services.GetRequiredService<AuditSealing>().SealSome(CancellationToken.None);
        })).ToArray();
        // Begun first, committed last: its entry comes late, behind many with a later time.
        await using var slow = new NpgsqlConnection(Here.ConnectionString);
        await slow.OpenAsync();
        await using var open = await slow.BeginTransactionAsync();
        var late = Guid.CreateVersion7();
        await using (
            var batch = new NpgsqlBatch(
                slow)
            {
                BatchCommands =
                { AuditLog.Insert(
                    [new(late, DateTimeOffset.UtcNow, null, TestInstallation.Console, late, "Late", null, null, null, null, null)]) }
            })
            await batch.ExecuteNonQueryAsync();
        var acme = await Here.Organization("acme");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? Here : node).Account($"p{i}@acme.example", managedBy: acme)));
        await Task.Delay(200);
        (await Here.Scalar<long>("select count(*) from kernel.audit_seal where @late = any(ids)", new { late })).ShouldBe(0);
        await open.CommitAsync();
        await stop.CancelAsync();
        await Task.WhenAll(sealing);
        await SealAll(Here);
        (await Breaks()).ShouldBeEmpty();
        (await Here.Rows<(long, long)>("select count(*), count(distinct id) from (select unnest(ids) as id from kernel.audit_seal) s"))
            .Single()
            .ShouldBe((await Here.Scalar<long>("select count(*) from kernel.audit_entry"),
                await Here.Scalar<long>("select count(*) from kernel.audit_entry")));
        (await Here.Scalar<long>("select count(*) from kernel.audit_seal where @late = any(ids)", new { late })).ShouldBe(1);
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "update kernel.audit_entry set at = at + interval '1 microsecond' where id = @id", "was changed" },
        { "update kernel.audit_entry set organization_id = null where id = @id", "was changed" },
        { "update kernel.audit_entry set actor_id = null where id = @id", "was changed" },
        { "update kernel.audit_entry set subject_id = gen_random_uuid() where id = @id", "was changed" },
        { "update kernel.audit_entry set action = action || 'x' where id = @id", "was changed" },
        { "update kernel.audit_entry set means = 'api' where id = @id", "was changed" },
        { "update kernel.audit_entry set request_id = 'req-2' where id = @id", "was changed" },
        { "update kernel.audit_entry set job_id = gen_random_uuid() where id = @id", "was changed" },
        { "update kernel.audit_entry set fact = fact || '{\"x\": 1}' where id = @id", "was changed" },
        { "update kernel.audit_entry set before = '{}' where id = @id", "was changed" },
        { "update kernel.audit_entry set after = '{\"a\": null}' where id = @id", "was changed" },
        { "update kernel.audit_entry set personal = personal || '{\"x\": 1}' where id = @id", "has other personal values" },
        { "update kernel.audit_entry set personal = null where id = @id", "has other personal values" },
        { "update kernel.audit_entry set salt = gen_random_uuid() where id = @id", "has other personal values" },
        { "update kernel.audit_entry set address = '203.0.113.8' where id = @id", "has another address" },
        { "update kernel.audit_entry set address_salt = null where id = @id", "has another address" },
        { "delete from kernel.audit_entry where id = @id", "was deleted" },
        { "update kernel.audit_entry set id = gen_random_uuid() where id = @id", "was deleted" },
        { "update kernel.audit_seal set digests[array_position(ids, @id)] = sha256('x') where @id = any(ids)", "was changed" },
        { "update kernel.audit_seal set personal_digests[array_position(ids, @id)] = sha256('x') where @id = any(ids)", "was changed" },
    };

    [Theory, MemberData(nameof(Changes)), Trait("Rule", "L2")]
    public async Task A_changed_entry_is_named(string change, string what)
    {
        var acme = await Acme(3);
        var id = await Here.Scalar<Guid>("select id from kernel.audit_entry where action = 'DetailChanged' order by id offset 1 limit 1");
        (await Breaks()).ShouldBeEmpty();
        (await Here.Rows<int>($"with x as ({change} returning 1) select 1 from x", new { id })).Count.ShouldBe(1);
        var breaks = await Breaks();
        breaks.ShouldContain(b => b.Entry == id && b.What.Contains(what));
        breaks.ShouldAllBe(b => b.Chain == acme.Value && (b.Entry == id || b.Entry == null));
    }

    [Fact, Trait("Rule", "L2")]
    public async Task A_seal_that_is_changed_or_taken_away_and_an_entry_written_in_afterwards_are_named()
    {
        var acme = await Acme(2);
        for (var i = 0; i < 3; i++)
        {
            await Here.Account($"more{i}@acme.example", managedBy: acme);
            await SealAll(Here);
        }
        await Here.Scalar<int>(
            "insert into kernel.audit_entry select (jsonb_populate_record(e, '{\"id\": \"00000000-0000-0000-0000-00000000abcd\"}')).* "
            + "from kernel.audit_entry e order by e.xid, e.id limit 1");
        (await Log.WrittenInAfterwards(10, CancellationToken.None)).ShouldBe([new Guid("00000000-0000-0000-0000-00000000abcd")]);
        await Here.Scalar<int>("delete from kernel.audit_seal where organization_id = @id and no = 2", new { id = acme.Value });
        (await Breaks()).ShouldContain(b => b.Seal == 3 && b.Entry == null && b.What.Contains("missing"));
        await Here.Scalar<int>("update kernel.audit_seal set no = no - 1 where organization_id = @id and no > 1", new { id = acme.Value });
        (await Breaks()).ShouldContain(b => b.Seal == 2 && b.What.Contains("does not follow"));
    }

    [Fact, Trait("Rule", "L2"), Trait("Rule", "A6")]
    public async Task Erasure_keeps_the_chain_whole()
    {
        var acme = await Acme(3);
        var person = await Here.Scalar<Guid>("select id from accounts.account where email = 'p1@acme.example'");
        await Here.Grant(new DeactivateAccount(new(person), acme, "why", null, false, TestInstallation.Console));
        await Here.Grant(new ScheduleDeletion(new(person), acme, TestInstallation.Console));
        await SealAll(Here);
        Here.Clock.Pass(Account.DeletionGrace);
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(CancellationToken.None);
        await SealAll(Here);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where subject_id = @person and personal is not null",
            new { person })).ShouldBe(0);
        var (breaks, chains) = await Check(Log.Seals(null, CancellationToken.None));
        breaks.ShouldBeEmpty();
        chains.Values.Sum(c => c.Erased).ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact, Trait("Rule", "L2")]
    public async Task A_log_written_back_on_another_server_goes_on()
    {
        await Acme(3);
        await Here.Scalar<int>("update kernel.audit_entry set xid = (xid::text::numeric + 1000000000)::text::xid8");
        await Here.Scalar<int>("update kernel.audit_sealed set xid = (xid::text::numeric + 1000000000)::text::xid8");
        // One that was not sealed yet when it was written away, and one of the new server from before anybody sealed there.
        var unsealed = await Here.Account("waiting@acme.example");
        await Here.Scalar<int>("update kernel.audit_entry set xid = '2000000000' where subject_id = @id", new { id = unsealed.Value });
        await Here.Account("new@acme.example");
        await SealAll(Here);
        await Here.Account("after@acme.example");
        await SealAll(Here);
        (await Breaks()).ShouldBeEmpty();
        (await Log.WrittenInAfterwards(10, CancellationToken.None)).ShouldBeEmpty();
        (await Here.Rows<(long, long)>("select count(*), count(distinct id) from (select unnest(ids) as id from kernel.audit_seal) s"))
            .Single()
            .ShouldBe((await Here.Scalar<long>("select count(*) from kernel.audit_entry"),
                await Here.Scalar<long>("select count(*) from kernel.audit_entry")));
    }

    /// <summary>Of a copy that was just written back PostgreSQL knows no numbers, and takes the worst way unless told another.</summary>
    [Fact, Trait("Rule", "L2"), Trait("Rule", "R10")]
    public async Task A_copy_of_which_the_database_knows_no_numbers_is_checked_as_fast_as_any()
    {
        var acme = await Acme(1);
        await Here.Scalar<int>("""
            insert into kernel.audit_entry
            select (jsonb_populate_record(null::kernel.audit_entry, to_jsonb(e) || jsonb_build_object('id', gen_random_uuid()))).*
            from (select * from kernel.audit_entry where organization_id = @id limit 1) e, generate_series(1, 20000);
            update kernel.audit_entry set xid = pg_current_xact_id() where (xid, id) <= (select xid, id from kernel.audit_sealed)
              and id not in (select unnest(ids) from kernel.audit_seal)
            """, new { id = acme.Value });
        await SealAll(Here);
        await Here.Scalar<int>("""
            delete from pg_statistic where starelid in ('kernel.audit_seal'::regclass, 'kernel.audit_entry'::regclass);
            update pg_class set reltuples = -1 where oid in ('kernel.audit_seal'::regclass, 'kernel.audit_sealed'::regclass)
            """);
        // All entries without all ids, which the database never finds by comparing each with each: that takes over a hundred times as long.
        var least = await Fastest(() => Here.Scalar<long>("""
            select count(*) from (select id from kernel.audit_entry except select unnest(ids) from kernel.audit_seal) rest
            """));
        var took = await Fastest(async () => (await Log.WrittenInAfterwards(10, CancellationToken.None)).ShouldBeEmpty());
        took.ShouldBeLessThan(30 * least);
    }

    /// <summary>Of three times: a machine that is busy for a moment is so for one of them.</summary>
    static async Task<TimeSpan> Fastest(Func<Task> what)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 3; i++)
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await what();
            times.Add(watch.Elapsed);
        }
        return times.Min();
    }

    /// <summary>Each time one bit of one byte, in turn over the whole of an entry's line and at places anywhere.</summary>
    [Fact, Trait("Rule", "L2")]
    public async Task A_bit_that_is_turned_anywhere_in_an_exported_file_is_found()
    {
        var acme = await Acme(6);
        using var file = new MemoryStream();
        await AuditFile.Write(file, Log.Seals(acme.Value, CancellationToken.None), CancellationToken.None);
        var whole = file.ToArray();
        (await Check(AuditFile.Read(new MemoryStream(whole), CancellationToken.None))).Breaks.ShouldBeEmpty();
        var lines = Encoding.UTF8.GetString(whole).Split('\n');
        var entry = Encoding.UTF8.GetByteCount(string.Join('\n', lines[..8])) + 1;
        // Every seventh when small, so that each bit of a byte comes as often.
        var places = Enumerable.Range(entry, Encoding.UTF8.GetByteCount(lines[8]))
            .Concat(Enumerable.Range(0, 500).Select(i => (int)(i * 7919L % (whole.Length - 1))))
            .Where((_, i) => i % Proof.Size(7, 1) == 0).ToList();
        foreach (var place in places)
        {
            var turned = (byte[])whole.Clone();
            turned[place] ^= (byte)(1 << (place % 8));
            var found = false;
            try { found = (await Check(AuditFile.Read(new MemoryStream(turned), CancellationToken.None))).Breaks.Count > 0; }
            catch (InvalidDataException) { found = true; }
            found.ShouldBeTrue(
                $"byte {place}, {Encoding.UTF8.GetString(whole[Math.Max(0, place - 20)..Math.Min(whole.Length, place + 20)])}");
        }
    }

    [Fact, Trait("Rule", "L2")]
    public async Task A_chain_written_anew_does_not_contain_its_earlier_head()
    {
        var acme = await Acme(3);
        var (_, chains) = await Check(Log.Seals(acme.Value, CancellationToken.None));
        var head = new AuditHead(acme.Value, chains[acme.Value].Seals, Convert.ToHexStringLower(chains[acme.Value].Head));
        AuditHeads.Read([$"{head}  (9 entries)", "The log is as it was sealed."]).ShouldBe([head]);
        // With the database's own means: the chain alone cannot tell.
        await Here.Scalar<int>("update kernel.audit_entry set means = 'nobody' where organization_id = @id", new { id = acme.Value });
        await Here.Scalar<int>("delete from kernel.audit_seal");
        await Here.Scalar<int>("update kernel.audit_sealed set xid = '0', id = '00000000-0000-0000-0000-000000000000'");
        await SealAll(Here);
        var (breaks, anew) = await Check(Log.Seals(acme.Value, CancellationToken.None));
        breaks.ShouldBeEmpty();
        Convert.ToHexStringLower(anew[acme.Value].Head).ShouldNotBe(head.Hash);
    }
}
