using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Provisioning.Providers;
using DirectoryPlatform.Tests.Support;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>
/// Five providers fill their directories, live a day, lose people, delete some softly and some for good and hire some again, on two nodes
/// of which one is killed in the middle of the first load and the other in the middle of the day. In the end the platform says of each
/// person and group what the provider says, and each rule for other identities has done what it promises (SPEC P2, A16).
/// </summary>
[Trait("Rule", "P2"), Trait("Rule", "P5"), Trait("Rule", "A16"), Trait("Rule", "R2")]
[Collection(Heavy.Name)]
public sealed class FollowCycles(ITestOutputHelper output)
{
    const string Domain = "acme.example";

    /// <summary>Of each provider; a third of them stands under each rule, in a directory of its own.</summary>
    static readonly int People = Proof.Size(60, 5_000), Groups = Proof.Size(6, 200);

    int _answered;

    [Fact]
    public async Task Whatever_happens_at_the_providers_both_sides_agree_in_the_end()
    {
        using var alone = await Proof.Alone();
        var database = await TestDatabase.Fresh(nameof(FollowCycles), TestInstallation.Migrate);
        await using (var here = TestInstallation.On(database))
        {
            var acme = await here.Organization("acme");
            await here.VerifiedDomain(acme, Domain, automatic: false);
            var ada = await here.Admin(acme, "ada@mail.example");
            await using var cluster = new NodeCluster(database, 2, ("Api__RequestsPerSecond", "10000"), ("Api__Burst", "10000"));
            var directories = new Dictionary<ProvidersCycle, IdentityDirectoryId>();
            var clients = new List<ProvidersClient>();
            foreach (var dialect in Dialect.All)
                foreach (var rule in Enum.GetValues<IdentityRule>())
                {
                    var made = await here.Grant(new CreateIdentityDirectory(acme, ada, $"{dialect.Name} {rule}", By(ada)));
                    await here.Grant(new ChooseIdentityRule(acme, made.Directory.Id, rule, By(ada)));
                    clients.Add(new(cluster.Addresses, made, () => Interlocked.Increment(ref _answered)));
                    directories[new(dialect, rule, $"{dialect.Name[..2].ToLowerInvariant()}{(int)rule}", Domain, clients[^1], People / 3,
                        Groups / 3)] = made.Directory.Id;
                }
            await cluster.Ready();
            var all = directories.Keys.ToList();
            var told = new List<string>();
            var (first, expected) = (await Kill(cluster, 1, all, c => c.Load(), People * 5), People * 5 * 2);
            told.Add($"killed after {first} requests of the first load, which had {_answered}");
            (first < _answered).ShouldBeTrue("the kill met the load");
            _answered.ShouldBeGreaterThan(expected);
            await Agree(all, "first load");
            var before = _answered;
            var second = await Kill(cluster, 0, all, c => c.Day(), People);
            told.Add($"after {second} of the day, which had {_answered - before}");
            (second < _answered - before).ShouldBeTrue("the kill met the day");
            await Agree(all, "a day");
            await Task.WhenAll(all.Select(c => c.Weeks()));
            await Agree(all, "some weeks");
            foreach (var cycle in all)
                if (cycle.People.Where((_, i) => i % 10 == 5).FirstOrDefault() is { Linked: { } leaver })
                    await here.Grant(new GivePassword([new(leaver)], "violet lantern orbit"));
            await Task.WhenAll(all.Select(c => c.Rehire()));
            foreach (var cycle in all) cycle.Waiting.Count.ShouldBe(cycle.Rule is IdentityRule.Ask ? cycle.Rehired.Count : 0, cycle.Name);
            var same = await Decide(here, acme, ada, directories);
            await Task.WhenAll(all.Select(c => c.Again()));
            await Agree(all, "hired again");
            await Rehired(here, all, same);
            await AccountsAgree(here, all);
            output.WriteLine($"{all.Count} directories, {all.Sum(c => c.People.Count)} people, {_answered} requests; "
                + $"{string.Join("; ", told)}; {cluster.Log}.");
            clients.ForEach(c => c.Dispose());
        }
        await TestDatabase.Drop(database);
    }

    static Origin By(AccountId actor) => new(actor.Value, "web", RequestId: $"{Guid.NewGuid():N}");

    /// <returns>After how many requests the node was killed.</returns>
    async Task<int> Kill(NodeCluster cluster, int node, IReadOnlyList<ProvidersCycle> all, Func<ProvidersCycle, Task> deed, int after)
    {
        var (begun, killed) = (_answered, 0);
        var deeds = Task.WhenAll(all.Select(deed));
        while (_answered - begun < after && !deeds.IsCompleted) await Task.Delay(5);
        killed = _answered - begun;
        await cluster.Disturb(node, "killed", default);
        await deeds;
        return killed;
    }

    static async Task Agree(IReadOnlyList<ProvidersCycle> all, string when)
    {
        foreach (var cycle in all)
        {
            var (theirs, ours) = await cycle.Compare();
            ours.Except(theirs).Concat(theirs.Except(ours)).ShouldBeEmpty($"{cycle.Name}, after {when}");
            ours.Count.ShouldBe(theirs.Count, $"{cycle.Name}, after {when}");
        }
    }

    /// <summary>Every other one is the same person.</summary>
    /// <returns>The accounts that are.</returns>
    static async Task<HashSet<Guid>> Decide(TestInstallation here, OrganizationId acme, AccountId ada,
        Dictionary<ProvidersCycle, IdentityDirectoryId> directories)
    {
        var same = new HashSet<Guid>();
        foreach (var (cycle, directory) in directories)
        {
            var questions = await here.Send(new ReadIdentityQuestions(acme, directory));
            questions.Count.ShouldBe(cycle.Rule is IdentityRule.Ask ? cycle.Rehired.Count : 0, cycle.Name);
            foreach (var (question, i) in questions.Select((q, i) => (q, i)))
            {
                await here.Grant(new AnswerIdentityQuestion(acme, directory, question.Account, i % 2 == 0, By(ada)));
                if (i % 2 == 0) same.Add(question.Account.Value);
            }
        }
        return same;
    }

    static async Task Rehired(TestInstallation here, IReadOnlyList<ProvidersCycle> all, HashSet<Guid> same)
    {
        var met = new HashSet<bool>();
        foreach (var cycle in all)
            foreach (var (person, before) in cycle.Rehired)
            {
                var isSame = cycle.Rule is IdentityRule.AlwaysSame || same.Contains(before);
                met.Add(isSame);
                (person.Linked == before).ShouldBe(isSame, $"{cycle.Name}: {person.Written}");
                (await here.Scalar<long>("select count(*) from security.password where account_id = @id", new { id = person.Linked }))
                    .ShouldBe(0, $"{cycle.Name}: whoever came back brings no password along");
                var account = await here.Grant(new ReadAccount(new(before)));
                (account.State, account.Email == person.Address).ShouldBe(isSame
                    ? (AccountState.Active, true)
                    : (AccountState.Deactivated, false), $"{cycle.Name}: {person.Written}");
            }
        met.Count.ShouldBe(2);
    }

    /// <summary>Not only what the platform answers: who may act, and under which address.</summary>
    static async Task AccountsAgree(TestInstallation here, IReadOnlyList<ProvidersCycle> all)
    {
        var accounts = (await here.Rows<(Guid Id, string Email, short State, string? Provider)>("""
            select a.id, a.email, a.state, p.provisioned_by from accounts.account a left join accounts.profile p on p.account_id = a.id
            """)).ToDictionary(a => a.Id);
        foreach (var cycle in all)
            foreach (var person in cycle.People)
            {
                var (_, email, state, provider) = accounts[person.Linked!.Value];
                (email, (AccountState)state, provider is not null).ShouldBe(
                    (person.Address, person is { Active: true, Gone: false } ? AccountState.Active : AccountState.Deactivated,
                        !person.Gone),
                    $"{cycle.Name}: {person.Written}");
            }
        (await here.Scalar<long>("select count(*) from directory.provisioned_user where leaving")).ShouldBe(0);
    }
}
