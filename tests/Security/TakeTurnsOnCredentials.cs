using System.Security.Cryptography;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Security.Internal.Sessions;
using DirectoryPlatform.Security.Internal.Turns;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Security;

/// <summary>An account's sessions and tokens have one writer on all nodes together: its grain, or whoever has raised the version past it
/// (SPEC S3, S4).</summary>
[Trait("Rule", "S3")]
public sealed class TakeTurnsOnCredentials : OnInstallation
{
    const string Password = "correct horse battery";

    IGrains<HeldCredentials, CredentialsFact> Grains => GrainsOf(Here);

    PostgresGrains<HeldCredentials, CredentialsFact> Direct =>
        Here.Services.GetRequiredService<PostgresGrains<HeldCredentials, CredentialsFact>>();

    static IGrains<HeldCredentials, CredentialsFact> GrainsOf(TestInstallation node) =>
        node.Services.GetRequiredService<IGrains<HeldCredentials, CredentialsFact>>();

    async Task<AccountView> Person(string email, OrganizationId? managedBy = null)
    {
        var id = await Here.Account(email, "Liam", managedBy: managedBy);
        await Here.Grant(new GivePassword([id], Password));
        return await Here.Grant(new ReadAccount(id));
    }

    static byte[] Secret() => RandomNumberGenerator.GetBytes(32);

    static BeginSession Begin(AccountView person, byte[]? refresh = null) => new(person,
        new(refresh is null ? SessionKind.Browser : SessionKind.Mobile, Secret(), refresh, "Firefox on Linux", "Firefox",
            TimeSpan.FromDays(7), TimeSpan.FromDays(30), false, false), By(person.Id));

    async Task<MakeToken> Make(AccountView person, string label = "Backup") => new(person, label, 30,
        await Here.Scalar<Guid?>("select stamp from security.password where account_id = @id", new { id = person.Id.Value }), Secret(),
        By(person.Id));

    static EndDevices EndAll(AccountView person) => new(person, null, null, By(person.Id));

    Task<long> Live(AccountView person) => Here.Scalar<long>(
        "select count(*) from security.session where account_id = @id and ended_at is null", new { id = person.Id.Value });

    Task<long> Version(AccountView person) =>
        Here.Scalar<long>("select version from security.credentials where account_id = @id", new { id = person.Id.Value });

    Task<long> Waiting() =>
        Here.Scalar<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");

    async Task<(TestInstallation Node, LaneSilo Silo)> SecondSilo()
    {
        var second = await LaneSilo.Start(Here.ConnectionString, Here.Clock);
        return (Here.AnotherNode(services => services.AddSingleton(second.Silo)), second);
    }

    /// <summary>Each silo believes that it is alone, as two do that cannot reach each other; a third node takes direct turns.</summary>
    [Fact, Trait("Rule", "R2"), Trait("Rule", "L1")]
    public async Task Two_activations_and_direct_turns_lose_nothing_and_double_nothing()
    {
        var liam = await Person("liam@acme.example");
        var (node, silo) = await SecondSilo();
        await using var _ = silo;
        await using var __ = node;
        await using var third = Here.AnotherNode();
        TestInstallation[] nodes = [Here, node, third];
        var began = await Version(liam);
        var (begun, ended, made, revoked, turns) = (0, 0, 0, 0, 0);
        for (var round = 0; round < Proof.Size(8, 60); round++)
        {
            // Answered before the end of all is asked for.
            var first = (SessionBegun)(await GrainsOf(nodes[round % 3]).Turn(Begin(liam))).Value;
            var token = (TokenMade)(await GrainsOf(nodes[(round + 1) % 3]).Turn(await Make(liam))).Value;
            (begun, made, turns) = (begun + 1, made + 1, turns + 2);
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => GrainsOf(nodes[(i + round) % 3]).Turn((i / 3) switch
            {
                0 => Begin(liam),
                1 => EndAll(liam),
                2 => new RevokeToken(liam, token.Token.Id, null, By(liam.Id)),
                _ => new EndDevice(liam, first.Session!.Id, null, By(liam.Id)),
            })));
            foreach (var granted in outcomes.Where(o => o.Granted))
            {
                turns++;
                if (granted.Value is SessionBegun) begun++;
                if (granted.Value is SessionsEnded f) ended += f.Sessions.Count;
                if (granted.Value is TokenRevoked) revoked++;
            }
            outcomes.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal is NoSuchDevice || o.Refusal is NoSuchApiToken);
            (await Here.Scalar<bool>("select ended_at is null from security.session where id = @Id", first.Session))
                .ShouldBeFalse("it was there before its end was asked for");
        }
        silo.Silo.Now!.Live.Count.ShouldBe(1, "its grain, too");
        var values = new { id = liam.Id.Value };
        (await Here.Rows<(long, long)>("select count(*), count(ended_at) from security.session where account_id = @id", values))
            .Single().ShouldBe((begun, ended));
        (await Here.Rows<(long, long)>("select count(*), count(revoked_at) from security.api_token where account_id = @id", values))
            .Single().ShouldBe((made, revoked));
        revoked.ShouldBe(made);
        (await Version(liam)).ShouldBe(began + turns, "each turn is a step, and nothing else is");
        (await Here.Scalar<long>("""
            select count(*) from kernel.audit_entry where subject_id = @id
              and action in ('SignedIn', 'LoggedOutEverywhere', 'DeviceLoggedOut', 'ApiTokenCreated', 'ApiTokenRevoked')
            """, values)).ShouldBe(turns);
        (await Here.Scalar<long>("select count(*) from kernel.outbox where stream = @id and type <> 'AccountSignedUp'", values))
            .ShouldBe(0, "nobody listens");
    }

    [Fact, Trait("Rule", "L1")]
    public async Task A_command_sent_twice_is_done_once_and_answers_the_same_on_both_roads()
    {
        var acme = await Here.Organization("acme");
        var (ada, liam) = (await Here.Admin(acme, "ada@acme.example"), await Person("liam@acme.example", acme));
        var (one, two, three, refresh, next) = (Begin(liam), Begin(liam), Begin(liam, Secret()), Secret(), Secret());
        var mobile = Begin(liam, refresh);
        var (backup, report) = (await Make(liam), await Make(liam, "Reports"));
        var renewal = new RenewSession(liam, mobile.CommandId, refresh, null, next, Secret(), TimeSpan.FromMinutes(10), By(liam.Id));
        CredentialsCommand[] commands =
        [
            one, two, three, mobile, backup, report,
            new UndoSession(liam.Id, three.CommandId, "account changed", By(liam.Id)),
            renewal,
            new ProveSession(liam.Id, one.CommandId, By(liam.Id)),
            new RevokeToken(liam, backup.CommandId, acme, By(ada)),
            new EndDevice(liam, two.CommandId, acme, By(ada)),
            new LeaveSession(liam.Id, one.CommandId, acme.Value, By(liam.Id)),
            new EndDevices(liam, null, acme, By(ada)),
        ];
        foreach (var command in commands)
        {
            var first = await Here.Grant(command);
            var again = await Here.Send<Outcome<CredentialsFact>>(command);
            if (command is UndoSession) again.Refusal.ShouldBe(new NoSuchDevice(), "nobody is told of it");
            else Told(again.Value).ShouldBe(Told(first), command.GetType().Name);
        }
        // As when a node is asked anew that has answered, and when both roads are taken at once.
        foreach (var command in commands.Where(c => c is not (UndoSession or ProveSession or RenewSession)))
        {
            var both = await Task.WhenAll(Grains.Turn(command), Direct.Turn(command));
            both.ShouldAllBe(o => o.Granted, command.GetType().Name);
            (await Here.Scalar<long>("select count(*) from kernel.audit_entry where id = @CommandId", command)).ShouldBe(1);
        }
        (await Here.Rows<(long, long)>("select count(*), count(ended_at) from security.session")).Single().ShouldBe((4, 4));
        (await Here.Scalar<long>("select count(*) from security.refresh_token")).ShouldBe(3);
        (await Here.Rows<(string, long)>(
            "select template, count(*) from kernel.mail where recipient = 'liam@acme.example' group by 1 order by 1"))
            .ShouldBe([("api-token-created", 2), ("api-token-revoked", 1), ("logged-out", 2)]);
        Here.Clock.Pass(HeldCredentials.Precision + TimeSpan.FromSeconds(1));
        await Here.Grant(new UseToken(liam.Id, report.CommandId, By(liam.Id)));
        (await Here.Refuse(new UseToken(liam.Id, report.CommandId, By(liam.Id)))).ShouldBe(new UsedJustNow());
        var last = Begin(liam);
        await Here.Grant(last);
        Here.Clock.Pass(HeldCredentials.Precision + TimeSpan.FromSeconds(1));
        await Here.Grant(new UseSession(liam.Id, last.CommandId, By(liam.Id)));
        (await Here.Refuse(new UseSession(liam.Id, last.CommandId, By(liam.Id)))).ShouldBe(new UsedJustNow());

        // What a turn has found behind its commit is no part of what it did.
        static string Told(CredentialsFact fact) => fact switch
        {
            SessionBegun f => $"begun at {f.At:s}",
            SessionsEnded f => $"ended at {f.At:s}: {string.Join(' ', f.Sessions.Select(s => $"{s.Id} {s.Device}").Order())}",
            TokenMade f => $"made {f.Token.Id} {f.Token.Label}",
            TokenRevoked f => $"revoked {f.Token.Id} {f.Token.Label}",
            _ => fact.GetType().Name,
        };
    }

    [Fact, Trait("Rule", "M6"), Trait("Rule", "A10")]
    public async Task A_session_that_begins_while_many_are_logged_out_is_decided_behind_it()
    {
        var liam = await Person("liam@acme.example");
        var first = (SessionBegun)(await Grains.Turn(Begin(liam))).Value;
        Task<Outcome<CredentialsFact>> late, used;
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    CredentialsStore.Raise([liam.Id.Value]),
                    SessionStore.EndLive([liam.Id.Value], Here.Clock.GetUtcNow(), "signed out by an admin", null),
                },
            }) await batch.ExecuteNonQueryAsync();
            Here.Clock.Pass(TimeSpan.FromMinutes(2));
            (late, used) = (Grains.Turn(Begin(liam)), Direct.Turn(new UseSession(liam.Id, first.Session!.Id, By(liam.Id))));
            await TestInstallation.Others(async () => await Waiting() == 2, what: "turns do not wait for who has the row");
            await transaction.CommitAsync();
        }
        (await late).Granted.ShouldBeTrue();
        (await used).Refusal.ShouldBe(new NoSuchDevice());
        (await Here.Rows<Guid>("select id from security.session where ended_at is null"))
            .ShouldBe([((SessionBegun)(await late).Value).Session!.Id]);
        (await Here.Scalar<DateTime>("select last_active_at from security.session where ended_at is not null"))
            .ShouldBe(first.At.UtcDateTime, TimeSpan.FromMilliseconds(1), "nothing has brought the ended one back");
    }

    [Fact, Trait("Rule", "A14"), Trait("Rule", "S4")]
    public async Task A_token_that_is_asked_for_before_a_reset_and_made_behind_it_is_none()
    {
        // Signed in nowhere: nothing of theirs is written but the version.
        var liam = await Person("liam@acme.example");
        var asked = await Make(liam);
        Task<Outcome<CredentialsFact>> late;
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await WhatCanGetIn.TakeAlongWith(connection, [liam.Id.Value], TakeAlong.LinksAndTokens, null, "password reset",
                Here.Clock.GetUtcNow(), CancellationToken.None);
            late = Grains.Turn(asked);
            await TestInstallation.Others(async () => await Waiting() == 1, what: "it does not wait");
            await transaction.CommitAsync();
        }
        (await late).Refusal.ShouldBe(new ChangedMeanwhile());
        (await Here.Scalar<long>("select count(*) from security.api_token")).ShouldBe(0);
    }

    /// <summary>As a node of the version before does, which knows of no version.</summary>
    [Fact, Trait("Rule", "R2")]
    public async Task What_is_written_past_the_grain_without_a_word_is_read_before_it_decides()
    {
        var liam = await Person("liam@acme.example");
        var session = ((SessionBegun)(await Grains.Turn(Begin(liam))).Value).Session!;
        var token = ((TokenMade)(await Grains.Turn(await Make(liam))).Value).Token;
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Scalar<int>("update security.session set ended_at = @now", new { now = Here.Clock.GetUtcNow().UtcDateTime });
        (await Grains.Turn(new UseSession(liam.Id, session.Id, By(liam.Id)))).Refusal.ShouldBe(new NoSuchDevice());
        (await Grains.Turn(new UseToken(liam.Id, token.Id, By(liam.Id)))).Granted.ShouldBeTrue();
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Scalar<int>("update security.api_token set revoked_at = @now", new { now = Here.Clock.GetUtcNow().UtcDateTime });
        (await Grains.Turn(new UseToken(liam.Id, token.Id, By(liam.Id)))).Refusal.ShouldBe(new NoSuchApiToken());
        await Here.Scalar<int>("delete from security.session; delete from security.api_token; delete from security.credentials");
        (await Grains.Turn(new RevokeToken(liam, token.Id, null, By(liam.Id)))).Refusal.ShouldBe(new NoSuchApiToken());
        (await Grains.Turn(Begin(liam))).Granted.ShouldBeTrue("a row is made for whoever has none");
        (await Live(liam)).ShouldBe(1);
    }

    [Fact, Trait("Rule", "S8"), Trait("Rule", "M8")]
    public async Task Nothing_of_somebody_else_is_ended_by_its_id()
    {
        var (liam, gus) = (await Person("liam@acme.example"), await Person("gus@globex.example"));
        var session = ((SessionBegun)(await Grains.Turn(Begin(gus))).Value).Session!.Id;
        var token = ((TokenMade)(await Grains.Turn(await Make(gus))).Value).Token.Id;
        await Grains.Turn(Begin(liam));
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        (Refusal, CredentialsCommand)[] tried =
        [
            (new NoSuchDevice(), new EndDevice(liam, session, null, By(liam.Id))),
            (new NoSuchDevice(), new LeaveSession(liam.Id, session, null, By(liam.Id))),
            (new NoSuchDevice(), new UndoSession(liam.Id, session, "account changed", By(liam.Id))),
            (new NoSuchDevice(), new UseSession(liam.Id, session, By(liam.Id))),
            (new NoSuchDevice(), new ProveSession(liam.Id, session, By(liam.Id))),
            (new NoSuchApiToken(), new RevokeToken(liam, token, null, By(liam.Id))),
            (new NoSuchApiToken(), new UseToken(liam.Id, token, By(liam.Id))),
        ];
        foreach (var (refusal, command) in tried)
            foreach (var turn in (Task<Outcome<CredentialsFact>>[])[Grains.Turn(command), Direct.Turn(command)])
                (await turn).Refusal.ShouldBe(refusal, command.GetType().Name);
        (await Grains.Turn(EndAll(liam))).Granted.ShouldBeTrue();
        ((await Live(gus)), (await Here.Scalar<long>("select count(*) from security.api_token where revoked_at is null")))
            .ShouldBe((1, 1));
    }

    [Fact, Trait("Rule", "A3"), Trait("Rule", "A9")]
    public async Task Who_signs_in_in_the_moment_of_a_deactivation_has_no_session_when_it_is_taken_back()
    {
        var acme = await Here.Organization("acme");
        var liam = await Person("liam@acme.example", acme);
        await using var node = Here.AnotherNode();
        for (var round = 0; round < Proof.Size(6, 100); round++)
        {
            var signingIn = Enumerable.Range(0, 4).Select(i => Task.Run(() => (i % 2 == 0 ? Here : node)
                .Send(new SignIn("liam@acme.example", Password, "Firefox", TestInstallation.Console)))).ToArray();
            await Here.Grant(new DeactivateAccount(liam.Id, acme, null, null, false, ByNobody));
            (await Task.WhenAll(signingIn)).ShouldAllBe(o => o.Granted || o.Refusal is DeactivatedAtSignIn);
            await Here.Quiet();
            (await Live(liam)).ShouldBe(0);
            await Here.Grant(new ReactivateAccount(liam.Id, acme, ByNobody));
        }
        // Decided before, committed behind: the session is younger than what the fact says.
        await Here.Grant(new DeactivateAccount(liam.Id, acme, null, null, false, ByNobody));
        Here.Clock.Pass(TimeSpan.FromSeconds(1));
        (await Grains.Turn(Begin(liam))).Granted.ShouldBeTrue("nobody has asked the gate");
        await Here.Quiet();
        (await Live(liam)).ShouldBe(0);
    }

    /// <summary>The server ends the connection in the middle of the turn, as when the node or the server dies there.</summary>
    [Theory, InlineData(true), InlineData(false), Trait("Rule", "R2")]
    public async Task A_turn_that_is_broken_off_between_its_statements_is_done_once(bool byGrain)
    {
        var liam = await Person("liam@acme.example");
        await Grains.Turn(Begin(liam));
        var before = await Version(liam);
        var begin = Begin(liam);
        Task<Outcome<CredentialsFact>> turn;
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // Behind the fence, before the session.
            await connection.ExecuteAsync("lock table security.session in share mode", transaction: transaction);
            turn = byGrain ? Grains.Turn(begin) : Direct.Turn(begin);
            await TestInstallation.Others(async () => await Waiting() == 1, what: "it does not wait");
            (await connection.ExecuteScalarAsync<long>("""
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                """)).ShouldBe(1);
            await transaction.CommitAsync();
        }
        (await turn).Granted.ShouldBeTrue();
        (await Live(liam)).ShouldBe(2);
        (await Version(liam)).ShouldBe(before + 1);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where id = @CommandId", begin)).ShouldBe(1);
    }

    [Fact]
    public async Task A_grain_remembers_what_the_rows_say()
    {
        var liam = await Person("liam@acme.example");
        var refresh = Secret();
        HeldCredentials? held = null;
        foreach (var command in (CredentialsCommand[])[Begin(liam), Begin(liam, refresh), await Make(liam)])
            held = (held ?? HeldCredentials.None(liam.Id) with { Version = 1, Stamp = await Stamp() })
                .After((await Grains.Turn(command)).Value);
        var (mobile, browser) = (held!.Sessions[0].Id, held.Sessions[1].Id);
        for (var i = 0; i < 6; i++)
        {
            Here.Clock.Pass(TimeSpan.FromMinutes(2));
            var next = Secret();
            // One after the other, so that there is a latest.
            foreach (var command in (CredentialsCommand[])[
                new RenewSession(liam, mobile, refresh, null, next, Secret(), TimeSpan.FromMinutes(10), By(liam.Id)),
                new UseSession(liam.Id, browser, By(liam.Id)), new UseToken(liam.Id, held.Tokens[0].Id, By(liam.Id))])
            {
                Here.Clock.Pass(TimeSpan.FromSeconds(1));
                held = held.After((await Grains.Turn(command)).Value);
            }
            refresh = next;
        }
        await using var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        var read = CredentialsStore.Read(await connection.QueryAsync<CredentialsStore.Row>(CredentialsStore.OfOneSql,
            new { id = liam.Id.Value }))!;
        Text(held).ShouldBe(Text(read));

        Task<Guid?> Stamp() => Here.Scalar<Guid?>("select stamp from security.password");

        // To the microsecond, as rows are.
        static string Text(HeldCredentials of) => string.Join('\n',
            (string[])[$"{of.Account} {of.Version} {of.Stamp}",
                .. of.Sessions.Select(s => $"{s.Id} {s.Kind} {s.Device} {s.Address} {At(s.CreatedAt)} {At(s.LastActiveAt)} {s.IdleSeconds} "
                    + $"{At(s.EndsAt)} {string.Join(' ', s.Refresh.Select(r => $"{Convert.ToHexString(r.Hash)} {At(r.UsedAt)}"))}"),
                .. of.Tokens.Select(t => $"{t.Id} {t.Label} {At(t.CreatedAt)} {At(t.ExpiresAt)} {At(t.LastUsedAt)}")]);

        static string At(DateTimeOffset? at) => at is { } time ? $"{time.ToUniversalTime():yyyy-MM-dd HH:mm:ss.ffffff}" : "never";
    }
}
