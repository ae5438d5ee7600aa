using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Internal.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>The grain host on a real PostgreSQL, with accounts as grains.</summary>
public sealed class TakeTurns : OnInstallation
{
    IGrains<Account, AccountFact> Grains => Here.Services.GetRequiredService<IGrains<Account, AccountFact>>();

    /// <summary>As if somebody else were faster each time.</summary>
    [Fact]
    public async Task A_direct_turn_that_loses_every_race_is_no_fault()
    {
        var org = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: org);
        await using var node = Here.AnotherNode();
        await Here.Rows<int>("""
            create function kernel.lose_every_race() returns trigger language plpgsql as 'begin return null; end';
            create trigger lose_every_race before update on accounts.account for each row execute function kernel.lose_every_race()
            """);
        try
        {
            await Should.ThrowAsync<TimeoutException>(() => node.Send(new DeactivateAccount(liam, org, null, null, false, ByNobody)));
        }
        finally { await Here.Rows<int>("drop function if exists kernel.lose_every_race cascade"); }
        await Here.Grant(new DeactivateAccount(liam, org, null, null, false, ByNobody));
    }

    [Fact, Trait("Rule", "L1")]
    public async Task A_command_sent_twice_is_done_once_and_answers_the_same()
    {
        var org = await Here.Organization("acme");
        var admin = await Here.Admin(org, "ada@acme.example");
        await Here.Admin(org, "second@acme.example");
        var liam = await Here.Account("liam@acme.example", managedBy: org);
        AccountCommand[] commands =
        [
            new DeactivateAccount(liam, org, "left the company", "see you", true, By(admin)), new ReactivateAccount(liam, org, By(admin)),
            new ScheduleDeletion(liam, org, By(admin)),
            new CancelDeletion(liam, org, By(admin)), new AppointOrganizationAdmin(liam, org, By(admin)),
            new DismissOrganizationAdmin(liam, org, By(admin)),
            new UnclaimAccount(liam, org, true, By(admin)), new ClaimAccount(liam, org, "acme.example", true, By(admin)),
        ];
        foreach (var command in commands)
        {
            var first = await Here.Grant(command);
            (await Here.Grant(command)).ShouldBe(first);
            // The retry may also arrive together with the first, or on another node.
            (await Here.Scalar<long>("select count(*) from kernel.audit_entry where id = @CommandId", command)).ShouldBe(1);
        }
        // A late retry, when the account has long moved on, still answers what was granted then.
        (await Here.Grant(commands[0])).ShouldBeOfType<AccountDeactivated>().Reason.ShouldBe("left the company");
        await using var node = Here.AnotherNode();
        var deactivate = new DeactivateAccount(liam, org, null, null, false, By(admin));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? Here : node).Send(deactivate)));
        answers.ShouldAllBe(a => a.Granted);
        answers.Select(a => a.Value).Distinct().Count().ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where subject_id = @liam and action = 'AccountDeactivated'",
            new { liam = liam.Value })).ShouldBe(2);
        (await Here.Scalar<long>("select version from accounts.account where id = @liam", new { liam = liam.Value }))
            .ShouldBe(2 + commands.Length + 1);
    }

    [Fact, Trait("Rule", "A1")]
    public async Task A_second_command_of_the_same_kind_is_refused_and_leaves_no_trace()
    {
        var org = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: org);
        await Here.Grant(new DeactivateAccount(liam, org, null, null, false, TestInstallation.Console));
        (await Here.Refuse(new DeactivateAccount(liam, org, null, null, false, TestInstallation.Console)))
            .ShouldBe(new AlreadyDeactivated());
        await Here.Grant(new ReactivateAccount(liam, org, TestInstallation.Console));
        (await Here.Refuse(new ReactivateAccount(liam, org, TestInstallation.Console))).ShouldBe(new NotDeactivated());
        (await Here.Refuse(new ReactivateAccount(new(Guid.CreateVersion7()), org, TestInstallation.Console)))
            .ShouldBe(new NotFound("account"));
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where subject_id = @liam", new { liam = liam.Value }))
            .ShouldBe(4);
    }

    /// <summary>The granted facts, put one after the other on the first state, give the row as it stands at the end.</summary>
    [Fact, Trait("Rule", "A1"), Trait("Rule", "C3")]
    public async Task Thirty_two_commands_at_once_have_some_order()
    {
        await using var node = Here.AnotherNode();
        OrganizationId[] orgs = [await Here.Organization("acme"), await Here.Organization("globex")];
        var (random, rounds) = (new Random(32), Proof.Size(8, 200));
        for (var round = 0; round < rounds; round++)
        {
            var id = await Here.Account($"p{round}@acme.example", managedBy: orgs[round % 2]);
            var start = (await State(id))!;
            var commands = Enumerable.Range(0, 32).Select(_ => Any(id, orgs[random.Next(2)], random)).ToArray();
            var outcomes = await Task.WhenAll(commands.Select((c, i) => (i % 2 == 0 ? Here : node).Send(c)));
            var granted = outcomes.Where(o => o.Granted).Select(o => o.Value).ToList();
            var end = (await State(id))!;
            end.Version.ShouldBe(start.Version + granted.Count);
            // The outbox holds the order of the turns; it must be an order in which every one of them could be granted.
            var ordered = (await Here.Rows<(string Type, string Payload)>(
                "select type, payload::text from kernel.outbox where stream = @id order by seq offset 2", new { id = id.Value }))
                .Select(f => Here.Services.GetRequiredService<FactTypes>().Read(f.Type, f.Payload)).Cast<AccountFact>().ToList();
            ordered.Count.ShouldBe(granted.Count);
            ordered.Select(f => f.ToString()).Order().ShouldBe(granted.Select(f => f.ToString()).Order());
            var replayed = start;
            foreach (var fact in ordered)
            {
                Again(replayed, fact).ShouldBeTrue($"{fact} was granted on {replayed}");
                replayed = Account.After(replayed, fact);
            }
            Text(replayed).ShouldBe(Text(end));
        }

        static AccountCommand Any(AccountId id, OrganizationId org, Random random) => random.Next(8) switch
        {
            0 or 1 => new DeactivateAccount(id, org, null, null, false, TestInstallation.Console),
            2 or 3 => new ReactivateAccount(id, org, TestInstallation.Console),
            4 => new ScheduleDeletion(id, org, TestInstallation.Console),
            5 => new CancelDeletion(id, org, TestInstallation.Console),
            6 => new ClaimAccount(id, org, "acme.example", true, TestInstallation.Console),
            _ => new UnclaimAccount(id, org, random.Next(2) == 0, TestInstallation.Console),
        };

        static bool Again(Account a, AccountFact fact) => (fact switch
        {
            AccountDeactivated f => a.Deactivate(f.By, null, f.Reason, f.Message, f.Notify, f.At),
            AccountReactivated f => a.Reactivate(f.By, f.At),
            DeletionScheduled f => a.ScheduleDeletion(f.By, null, f.At),
            DeletionCancelled f => a.CancelDeletion(f.By, f.At),
            AccountClaimed f => a.Claim(f.By, "acme.example", true, f.At),
            AccountUnclaimed f => a.Unclaim(f.By, f.Excluded, f.At),
            _ => throw new InvalidOperationException(fact.ToString()),
        }).Granted;

        static string Text(Account a) =>
            string.Join(' ', a.Version, a.State, a.ManagedBy, a.Email, a.Name, a.DeletionDueAt is null, a.ClaimedAt is null,
                string.Join(',', a.ExcludedBy));
    }

    [Fact, Trait("Rule", "A8")]
    public async Task Two_admins_who_deactivate_each_other_at_once_leave_one()
    {
        await using var node = Here.AnotherNode();
        var rounds = Proof.Size(12, 200); // each of the three deeds on each of the two nodes
        for (var round = 0; round < rounds; round++)
        {
            var org = await Here.Organization($"o{round}");
            AccountId[] admins = [await Here.Admin(org, $"a@o{round}.example"), await Here.Admin(org, $"b@o{round}.example")];
            foreach (var admin in admins)
                await Here.Grant(new ClaimAccount(admin, org, $"o{round}.example", true, TestInstallation.Console));
            AccountCommand Other(int i) => (round % 3) switch
            {
                0 => new DeactivateAccount(admins[1 - i], org, null, null, false, By(admins[i])),
                1 => new ScheduleDeletion(admins[1 - i], org, By(admins[i])),
                _ => new DismissOrganizationAdmin(admins[1 - i], org, By(admins[i])),
            };
            var outcomes = await Task.WhenAll(Here.Send(Other(0)), (round % 2 == 0 ? Here : node).Send(Other(1)));
            outcomes.Count(o => o.Granted).ShouldBe(1, $"round {round}");
            outcomes.Single(o => !o.Granted).Refusal.ShouldBe(new LastOrganizationAdmin());
        }
    }

    [Fact]
    public async Task A_refusal_in_a_shared_batch_does_not_touch_the_others()
    {
        var org = await Here.Organization("acme");
        var ids = new List<AccountId>();
        for (var i = 0; i < 60; i++) ids.Add(await Here.Account($"p{i}@acme.example", managedBy: i % 3 == 0 ? null : org));
        var outcomes =
            await Grains.TurnMany([.. ids.Select(id => new DeactivateAccount(id, org, null, null, false, TestInstallation.Console))]);
        for (var i = 0; i < ids.Count; i++)
            (outcomes[i].Granted ? outcomes[i].Value.Account.ToString() : outcomes[i].Refusal!.Code)
                .ShouldBe(i % 3 == 0 ? "notManagedHere" : ids[i].ToString());
        (await Here.Scalar<long>("select count(*) from accounts.account where state = 2")).ShouldBe(40);
    }

    [Fact]
    public async Task A_taken_address_in_a_shared_batch_spoils_nobody_else()
    {
        await Here.Account("taken@acme.example");
        var commands = Enumerable.Range(0, 60).Select(i =>
            new SignUpAccount(new(Guid.CreateVersion7()),
                EmailAddress.Trusted(i % 10 == 5 ? "taken@acme.example" : i % 10 == 6 ? "twice@acme.example" : $"p{i}@acme.example"), "N",
                true, null, TestInstallation.Console)).ToArray();
        var outcomes = await Grains.TurnMany(commands);
        var refused = Enumerable.Range(0, 60).Where(i => !outcomes[i].Granted).ToArray();
        refused.Count(i => i % 10 == 5).ShouldBe(6);
        refused.Count(i => i % 10 == 6).ShouldBe(5, "one of those who want the same address gets it");
        refused.Length.ShouldBe(11);
        refused.ShouldAllBe(i => outcomes[i].Refusal is EmailTaken);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'AccountSignedUp'")).ShouldBe(50);
        (await Here.Scalar<long>("select count(*) from kernel.outbox")).ShouldBe(50);
    }

    [Fact, Trait("Rule", "L1"), Trait("Rule", "L2")]
    public async Task An_audit_entry_says_who_did_what_to_whom_and_keeps_what_is_personal_apart()
    {
        var org = await Here.Organization("acme");
        var (admin, liam) = (await Here.Admin(org, "ada@acme.example"),
            await Here.Account("liam@acme.example", "Liam Novak", managedBy: org));
        var origin = new Origin(admin.Value, "web", "192.0.2.7", "req-1");
        var command = new DeactivateAccount(liam, org, "took the silver", "bring it back", true, origin);
        await Here.Grant(command);
        var entry = (
            await Here.Rows<(Guid Actor, Guid Subject, Guid Org, string Action, string Means, string Address, string Request, string Fact,
                string Before, string After, string Personal)>("""
            select actor_id, subject_id, organization_id, action, means, address, request_id, fact::text, before::text, after::text,
              personal::text from kernel.audit_entry where id = @CommandId
            """, command)).Single();
        (entry.Actor, entry.Subject, entry.Org, entry.Action, entry.Means, entry.Address, entry.Request)
            .ShouldBe((admin.Value, liam.Value, org.Value, "AccountDeactivated", "web", "192.0.2.7", "req-1"));
        entry.Before.ShouldContain("Active");
        entry.After.ShouldContain("Deactivated");
        entry.Personal.ShouldContain("took the silver");
        entry.Personal.ShouldContain("bring it back");
        var all = string.Join('\n',
            await Here.Rows<string>("select concat_ws(' ', action, means, fact, before, after) from kernel.audit_entry"));
        all.ShouldContain("AccountSignedUp");
        foreach (var personal in (string[])["silver", "bring it", "liam@", "ada@", "Novak"]) all.ShouldNotContain(personal);
    }

    [Fact, Trait("Rule", "D4"), Trait("Rule", "R7")]
    public async Task No_token_stands_in_the_audit_log_but_where_everybody_saw_it_published()
    {
        var org = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(org, "acme.example");
        var token = (await Here.Grant(new ReadDomain(org, domain))).Token;
        token.Length.ShouldBe(64);
        var whole = string.Join('\n',
            await Here.Rows<string>("select (to_jsonb(e) #- '{fact,evidence,saw}')::text from kernel.audit_entry e"));
        whole.ShouldContain("DomainAdded");
        whole.ShouldContain("DomainVerified");
        whole.ShouldNotContain(token);
        whole.ShouldNotContain(token[..20]);
    }

    [Fact]
    public async Task A_turn_that_meets_a_bug_answers_its_caller_and_the_lane_lives_on()
    {
        var org = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: org);
        await Should.ThrowAsync<InvalidOperationException>(() => Grains.Turn(new Broken(liam)));
        var outcomes = await Task.WhenAll(Grains.Turn(new DeactivateAccount(liam, org, null, null, false, TestInstallation.Console)),
            Grains.Turn(new Broken(liam)).ContinueWith(t => t.IsFaulted ? new AlreadyAdmin() : t.Result));
        outcomes[0].Granted.ShouldBeTrue();
    }

    sealed record Broken(AccountId Account) : GrainCommand<Account, AccountFact>(TestInstallation.Console)
    {
        public override Guid Target => Account.Value;
        public override Outcome<AccountFact> Decide(Account? state, DateTimeOffset now) => throw new InvalidOperationException("a bug");
    }

    async Task<Account?> State(AccountId id) => await Here.Services.GetRequiredService<AccountReading>()
        .Of("id", id.Value);
}
