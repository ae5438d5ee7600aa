using System.Xml.Linq;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.SigningIn;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>
/// Secrets at rest under a key file: what a stolen copy of the database tells,
/// and that nothing is lost by sealing and by new keys (SPEC S14).
/// </summary>
[Trait("Rule", "S14")]
public sealed class SealTheKeyRing : OnOwnDatabase
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("directory-platform-keys-");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A node that reads its own copy of the file.</summary>
    TestInstallation Node(KeyFile? file) =>
        TestInstallation.On(ConnectionString, services => services.AddSingleton(new KeySettings(file)));

    KeyFile NewFile(string name = "keys")
    {
        var file = new KeyFile(Path.Combine(_folder.FullName, name));
        file.AddFirst(DateTimeOffset.UnixEpoch);
        return file;
    }

    KeyFile Again(KeyFile file) => new(file.FullName);

    async Task<KeyRingState> Start(KeyFile? file)
    {
        await using var database = Database.Open(ConnectionString);
        return await KeyRingAtRest.Prepare(database, file, default);
    }

    Task<IReadOnlyList<(string Name, string Xml)>> Ring() =>
        Rows<(string Name, string Xml)>("select name, xml from kernel.data_protection_key order by name");

    /// <summary>Tables in which one of these stands, in whatever column; bytes as PostgreSQL writes them out.</summary>
    async Task<IReadOnlyList<string>> Holding(IEnumerable<string> secrets)
    {
        var tables = await Rows<string>("""
            select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.oid > 16383
            """);
        tables.Count.ShouldBeGreaterThan(40);
        var each = tables.Select(table => $"""
            select '{table}: ' || left(secret.s, 6) || '…' from {table} t, secret where strpos(lower(t::text), lower(secret.s)) > 0
            """);
        var sql = $"with secret as (select unnest(@secrets) as s) {string.Join(" union ", each)}";
        return await Rows<string>(sql, new { secrets = secrets.ToArray() });
    }

    /// <summary>A secret in every spelling in which it could lie there.</summary>
    static IEnumerable<string> Spellings(byte[] secret) => [Convert.ToBase64String(secret), Convert.ToHexString(secret), Base32(secret)];

    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    static string Base32(byte[] bytes)
    {
        var bits = string.Concat(bytes.Select(b => $"{b:b8}"));
        return string.Concat(bits.Chunk(5).Select(c => Letters[Convert.ToInt32(new string(c).PadRight(5, '0'), 2)]));
    }

    static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c => $"{Letters.IndexOf(c):b5}"));
        return [.. bits.Chunk(8).Where(c => c.Length == 8).Select(c => Convert.ToByte(new string(c), 2))];
    }

    static IEnumerable<byte[]> MastersIn(IEnumerable<(string Name, string Xml)> ring) =>
        ring.SelectMany(r => XElement.Parse(r.Xml).Descendants("value")).Select(v => Convert.FromBase64String(v.Value));

    [Fact]
    public async Task A_file_given_later_seals_every_row_and_no_copy_of_the_database_holds_a_key_or_secret_any_more()
    {
        SealedSecrets life;
        await using (var node = Node(null)) life = await SealedSecrets.Begin(node);
        var masters = MastersIn(await Ring()).ToList();
        masters.ShouldNotBeEmpty();
        (await Holding(masters.SelectMany(Spellings))).ShouldNotBeEmpty("the search must be able to find them");

        var file = NewFile();
        (await Start(file)).ShouldBe(new KeyRingState(masters.Count, masters.Count, 0));
        (await Start(file)).ShouldBe(new KeyRingState(masters.Count, 0, 0));
        var key = Convert.FromBase64String(File.ReadAllLines(file.FullName)[1]);
        byte[][] secrets = [.. masters, life.WebhookSecret, FromBase32(life.TwoStepKey), key];
        (await Holding([.. secrets.SelectMany(Spellings), life.TwoStepKey])).ShouldBeEmpty();
        (await Ring()).ShouldAllBe(r => r.Xml.StartsWith($"<sealed by=\"{file.Keys.First}\"") && !r.Xml.Contains("descriptor"));
        await using (var node = Node(Again(file))) await life.GoesOn(node);
    }

    [Fact]
    public async Task A_new_installation_with_a_file_never_has_a_row_in_clear()
    {
        var file = NewFile();
        (await Start(file)).ShouldBe(new KeyRingState(0, 0, 0));
        await using (var node = Node(file)) await (await SealedSecrets.Begin(node)).GoesOn(node);
        (await Ring()).ShouldNotBeEmpty();
        (await Ring()).ShouldAllBe(r => FileKeys.IsSealed(r.Xml));
        (await Start(file)).WereClear.ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_has_a_copy_alone_can_make_a_ticket_from_it_before_sealing_and_none_after()
    {
        await using (var node = Node(null))
        {
            var nora = (await SealedSecrets.Begin(node)).Nora;
            await node.Grant(new ScheduleDeletion(nora, null, SealedSecrets.By(nora)));
            (await node.Send(Cancel(await Forged(node, nora)))).Granted.ShouldBeTrue("the theft must be a real one");
            await node.Grant(new ScheduleDeletion(nora, null, SealedSecrets.By(nora)));
        }
        var file = NewFile();
        await Start(file);
        await using var after = Node(Again(file));
        var same = new AccountId(await after.Scalar<Guid>("select id from accounts.account where email = @Email",
            new { SealedSecrets.Email }));
        (await after.Send(Cancel(await Forged(after, same)))).Refusal.ShouldBeOfType<TicketVoid>();
        var own = after.Services.GetRequiredService<DeletionTickets>()
            .Issue(same, await DueAt(after, same), await SealedSecrets.Stamp(after, same));
        (await after.Send(Cancel(own))).Granted.ShouldBeTrue("only the forged one is refused");
    }

    static CancelOwnDeletion Cancel(string ticket) => new(ticket, "Firefox", TestInstallation.Console);

    static async Task<DateTimeOffset> DueAt(TestInstallation node, AccountId account) =>
        (await node.Grant(new ReadAccount(account))).DeletionDueAt!.Value;

    /// <summary>What a thief makes of the rows, with the framework's own means.</summary>
    async Task<string> Forged(TestInstallation victim, AccountId account)
    {
        var stolen = new Stolen(await Ring());
        await using var services = new ServiceCollection().AddLogging().AddDataProtection().SetApplicationName("DirectoryPlatform").Services
            .Configure<KeyManagementOptions>(o => o.XmlRepository = stolen).BuildServiceProvider();
        var tickets = new DeletionTickets(services.GetRequiredService<IDataProtectionProvider>(), victim.Clock);
        return tickets.Issue(account, await DueAt(victim, account), await SealedSecrets.Stamp(victim, account));
    }

    sealed class Stolen(IReadOnlyList<(string Name, string Xml)> rows) : IXmlRepository
    {
        readonly List<XElement> _own = [];

        public IReadOnlyCollection<XElement> GetAllElements() => [.. rows.Select(r => XElement.Parse(r.Xml)), .. _own];

        public void StoreElement(XElement element, string friendlyName) => _own.Add(element);
    }

    [Fact]
    public async Task A_new_key_seals_all_rows_anew_the_old_line_may_go_and_nobody_notices()
    {
        var file = NewFile();
        SealedSecrets life;
        await using var running = Node(Again(file));
        await Start(file);
        life = await SealedSecrets.Begin(running);
        var old = file.Keys.First;
        (await Start(file)).WereOlder.ShouldBe(0);

        var keys = file.AddFirst(DateTimeOffset.UnixEpoch);
        keys.Ids.ShouldBe([keys.First, old]);
        var rows = (await Ring()).Count;
        (await Start(Again(file))).ShouldBe(new KeyRingState(rows, 0, rows));
        await life.GoesOn(running);

        var lines = File.ReadAllLines(file.FullName);
        await File.WriteAllLinesAsync(file.FullName, lines[..2]);
        Again(file).Keys.Ids.ShouldBe([keys.First]);
        (await Start(Again(file))).ShouldBe(new KeyRingState(rows, 0, 0));
        await using (var node = Node(Again(file))) await life.GoesOn(node);
        // A node that has the file, but read it before the new key was in it, looks again.
        Repository(running).GetAllElements().Count.ShouldBe(rows);
    }

    [Fact]
    public async Task Many_nodes_that_start_at_once_seal_each_row_once_and_lose_none()
    {
        await using (var node = Node(null)) await SealedSecrets.Begin(node);
        var ring = await Ring();
        for (var i = 0; i < 6; i++)
            await Execute("insert into kernel.data_protection_key (name, xml) values (@name, @xml)",
                new { name = $"{ring[0].Name}-{i}", xml = ring[0].Xml });
        var before = await Ring();
        var (one, two) = (NewFile(), NewFile("two"));
        await File.AppendAllTextAsync(one.FullName, File.ReadAllText(two.FullName));
        await File.AppendAllTextAsync(two.FullName, File.ReadAllText(one.FullName));
        // Two orders of the same keys, as in the middle of a rotation.
        var states = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => Start(Again(i % 2 == 0 ? one : two)))));
        states.Sum(s => s.WereClear).ShouldBe(before.Count);
        var after = await Ring();
        after.Select(r => r.Xml).Distinct().Count().ShouldBe(before.Count);
        after.Select(r => (r.Name, one.Open(r.Name, r.Xml))).ShouldBe(before.Select(r => (r.Name, r.Xml)));
    }

    [Fact]
    public async Task Without_the_file_with_a_wrong_one_and_with_a_changed_row_nothing_starts_and_nothing_changes()
    {
        var (file, wrong) = (NewFile(), NewFile("wrong"));
        (await Start(null)).ShouldBe(new KeyRingState(0, 0, 0));
        await using (var node = Node(null)) await SealedSecrets.Begin(node);
        await Start(file);
        var ring = await Ring();

        (await Should.ThrowAsync<KeyFileException>(() => Start(null))).Message.ShouldContain("Set Keys__File");
        (await Should.ThrowAsync<KeyFileException>(() => Start(wrong))).Message.ShouldSatisfyAllConditions(
            m => m.ShouldContain(file.Keys.First), m => m.ShouldContain(wrong.Keys.First), m => m.ShouldContain(wrong.FullName));
        await using (var node = Node(null))
            Should.Throw<KeyFileException>(() => Repository(node).GetAllElements());
        (await Ring()).ShouldBe(ring);

        // A row of one place does not open in another, and a turned bit is seen.
        await Execute("insert into kernel.data_protection_key (name, xml) values ('key-elsewhere', @xml)", new { xml = ring[0].Xml });
        (await Should.ThrowAsync<KeyFileException>(() => Start(file))).Message.ShouldContain("moved from another row");
        await Execute("delete from kernel.data_protection_key where name = 'key-elsewhere'");
        await Execute("""
            update kernel.data_protection_key
            set xml = overlay(xml placing case when substr(xml, 90, 1) = 'A' then 'B' else 'A' end from 90 for 1)
            """);
        await Should.ThrowAsync<KeyFileException>(() => Start(file));
        await Execute("update kernel.data_protection_key set xml = '<sealed by'");
        await Should.ThrowAsync<KeyFileException>(() => Start(file));
    }

    [Fact]
    public async Task A_node_without_the_file_that_still_runs_writes_no_key_in_clear_behind_the_others()
    {
        await using var late = Node(null);
        await SealedSecrets.Begin(late);
        var file = NewFile();
        await Start(file);
        var key = new XElement("key", new XElement("value", "c2VjcmV0"));
        Should.Throw<KeyFileException>(() => Repository(late).StoreElement(key, "key-late"));
        (await Ring()).ShouldAllBe(r => FileKeys.IsSealed(r.Xml));
    }

    static IXmlRepository Repository(TestInstallation node) =>
        node.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository!;
}
