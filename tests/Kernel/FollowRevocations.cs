using System.Diagnostics;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Runtime;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>What is remembered of checks (SPEC A9): only a yes, only while it is followed what is taken away, and nothing that was read
/// before it.</summary>
[Trait("Rule", "A9")]
public sealed class FollowRevocations : OnInstallation
{
    static readonly TimeSpan AtMost = TimeSpan.FromSeconds(60);
    static readonly Guid Ada = Guid.CreateVersion7(), Liam = Guid.CreateVersion7();

    int _reads;

    Revocations Followed => Here.Services.GetRequiredService<Revocations>();
    NpgsqlDataSource Database => Here.Services.GetRequiredService<NpgsqlDataSource>();

    FollowedAnswers<string, string> Answers(int most = 10) =>
        new(Followed, Here.Services.GetRequiredService<Admissions>(), Here.Clock, most);

    Func<Task<Followed<string>?>> Says(string? yes, Guid? of = null, DateTimeOffset? until = null) => () =>
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult(yes is null ? null : new Followed<string>(yes, until ?? DateTimeOffset.MaxValue, of ?? Ada));
    };

    static Task Sql(NpgsqlConnection on, string sql) => Dapper.SqlMapper.ExecuteAsync(on, sql);

    Task Revoke(Guid of) => Here.Rows<int>("select 1 from kernel.revoke(array[@of])", new { of });

    /// <summary>Until a yes is given without reading it.</summary>
    async Task Kept(FollowedAnswers<string, string> answers, string question, string? yes = null, Guid? of = null)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(5))
        {
            (await answers.Ask(question, Says(yes ?? question, of))).ShouldBe(yes ?? question);
            var before = _reads;
            (await answers.Ask(question, Says(yes ?? question, of))).ShouldBe(yes ?? question);
            if (_reads == before) return;
            watch.Elapsed.ShouldBeLessThan(AtMost, "nothing is kept");
        }
    }

    [Fact]
    public async Task A_yes_is_given_again_until_it_is_revoked_and_others_stay()
    {
        var answers = Answers();
        await Kept(answers, "ada");
        await Kept(answers, "liam", of: Liam);
        await Revoke(Ada);
        await Followed.LookFromNow();
        _reads = 0;
        (await answers.Ask("liam", Says("another", Liam))).ShouldBe("liam");
        _reads.ShouldBe(0);
        (await answers.Ask("ada", Says(null))).ShouldBeNull("it is read");
        // By itself, too.
        await Revoke(Liam);
        await TestInstallation.Others(async () => await answers.Ask("liam", Says(null)) is null, AtMost);
    }

    [Fact]
    public async Task A_no_and_an_error_are_not_kept_nor_what_has_ended_by_time_nor_more_than_so_many()
    {
        var answers = Answers(most: 2);
        await Kept(answers, "ada");
        (await answers.Ask("no", Says(null))).ShouldBeNull();
        await Should.ThrowAsync<IOException>(async () => await answers.Ask("no", () => throw new IOException()));
        (await answers.Ask("no", Says("yes", until: Here.Clock.GetUtcNow()))).ShouldBe("yes");
        (await answers.Ask("no", Says(null))).ShouldBeNull("it was over at once");
        await Kept(answers, "liam");
        foreach (var more in (string[])["first", "second"]) (await answers.Ask("third", Says(more))).ShouldBe(more);
        Here.Clock.Pass(TimeSpan.FromMinutes(1));
        (await answers.Ask("ada", Says(null))).ShouldBeNull("a minute is long enough");
    }

    [Fact]
    public async Task What_was_taken_in_a_transaction_that_commits_late_is_not_missed()
    {
        var answers = Answers();
        await Kept(answers, "ada");
        await using var late = await Database.OpenConnectionAsync();
        await Sql(late, $"begin; select kernel.revoke(array['{Ada}'::uuid])");
        // Others come and go in between, and are looked at.
        for (var i = 0; i < 3; i++)
        {
            await Revoke(Liam);
            await Followed.LookFromNow();
        }
        await Kept(answers, "ada");
        await Sql(late, "commit");
        await Followed.LookFromNow();
        (await answers.Ask("ada", Says(null))).ShouldBeNull();
        // What was seen once is not dropped again for as long as an older transaction is open.
        await using var open = await Database.OpenConnectionAsync();
        await Sql(open, "begin; select pg_current_xact_id()");
        await Revoke(Ada);
        await Followed.LookFromNow();
        await Kept(answers, "ada");
        _reads = 0;
        await Followed.LookFromNow();
        (await answers.Ask("ada", Says(null))).ShouldBe("ada");
        _reads.ShouldBe(0);
        await Sql(open, "rollback");
    }

    [Fact]
    public async Task What_was_being_read_when_something_was_taken_is_not_kept()
    {
        var answers = Answers();
        await Kept(answers, "liam", of: Liam);
        (await answers.Ask("ada", async () =>
        {
            // The row has been read; before the answer is kept it is taken away, and this node finds out.
            await Revoke(Ada);
            await Followed.LookFromNow();
            return new("as it was", DateTimeOffset.MaxValue, Ada);
        })).ShouldBe("as it was");
        (await answers.Ask("ada", Says(null))).ShouldBeNull();
    }

    [Fact]
    public async Task When_nobody_can_look_the_rows_are_read_and_nothing_that_was_kept_counts_before_the_next_look()
    {
        var answers = Answers();
        await Kept(answers, "ada");
        await using (var wall = await Database.OpenConnectionAsync())
        {
            // Whoever looks now waits.
            await Sql(wall, "begin; lock table kernel.revocation in access exclusive mode");
            await Task.Delay(Revocations.Oldest + TimeSpan.FromMilliseconds(50));
            Revocations.Counts(Followed.LookBegan).ShouldBeFalse();
            _reads = 0;
            for (var i = 0; i < 3; i++) (await answers.Ask("ada", Says("read"))).ShouldBe("read");
            _reads.ShouldBe(3);
            await Sql(wall, "rollback");
        }
        await Kept(answers, "ada", "read");
    }

    [Fact]
    public async Task When_connections_were_lost_all_is_forgotten_since_another_server_may_count_otherwise()
    {
        var answers = Answers();
        await Kept(answers, "ada");
        await using (var other = new NpgsqlConnection($"{Here.ConnectionString};Pooling=false"))
        {
            await other.OpenAsync();
            await Sql(other, """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and application_name = 'directory-platform' and query like '%kernel.revocation%'
                """);
        }
        await TestInstallation.Others(async () =>
        {
            try { await Followed.LookFromNow(); }
            catch (NpgsqlException) { return false; }
            return true;
        }, AtMost);
        (await answers.Ask("ada", Says(null))).ShouldBeNull("nothing was revoked, but nobody could know");
    }

    [Fact]
    public async Task When_nothing_is_kept_nobody_looks()
    {
        var answers = Answers();
        await Kept(answers, "ada");
        Followed.IsAwake.ShouldBeTrue();
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await TestInstallation.Others(() => Task.FromResult(!Followed.IsAwake), TimeSpan.FromSeconds(20), "it looks on");
        await Kept(answers, "ada");
    }

    [Fact]
    public async Task A_row_goes_a_minute_after_it_was_seen_committed_however_old_it_is()
    {
        var forget = Here.Services.GetServices<IRecurring>().OfType<ForgetRevocations>().Single();
        await using (var late = await Database.OpenConnectionAsync())
        {
            await Sql(late, $"begin; select kernel.revoke(array['{Ada}'::uuid]); "
                + "update kernel.revocation set at = at - interval '3 hours'");
            await forget.Run(default);
            await Sql(late, "commit");
        }
        await forget.Run(default);
        await forget.Run(default);
        (await Here.Scalar<long>("select count(*) from kernel.revocation where subjects = array[@Ada]", new { Ada })).ShouldBe(1);
        await Here.Rows<int>("update kernel.revocation set seen_at = seen_at - interval '61 seconds' returning 1");
        await forget.Run(default);
        (await Here.Scalar<long>("select count(*) from kernel.revocation")).ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_takes_nothing_away_leaves_no_row_and_a_thousand_taken_at_once_are_one()
    {
        var acme = await Here.Organization("acme");
        var people = new List<AccountId>();
        for (var i = 0; i < 3; i++) people.Add(await Here.Account($"p{i}@acme.example"));
        await Here.Grant(new GivePassword([.. people], "correct horse"));
        var session = await Here.Grant(new SignIn("p0@acme.example", "correct horse", "Firefox", ByNobody));
        await Here.Quiet();
        Task<long> Rows() => Here.Scalar<long>("select count(*) from kernel.revocation");
        var before = await Rows();
        foreach (var id in people) await Here.Grant(new ClaimAccount(id, acme, "acme.example", true, ByNobody));
        Here.Clock.Pass(TimeSpan.FromMinutes(5));
        (await Here.Send(new AuthenticateSession(session.Token))).ShouldNotBeNull();
        await Here.Quiet();
        await Here.Rows<int>("update accounts.account set version = version + 1, claimed_at = now() returning 1");
        (await Rows()).ShouldBe(before);
        await Here.Rows<int>("update accounts.account set state = 2 where managed_by = @acme returning 1", new { acme = acme.Value });
        (await Rows()).ShouldBe(before + 1);
        (await Here.Rows<Guid>("select unnest(subjects) from kernel.revocation order by xid desc limit 3")).Order()
            .ShouldBe(people.Select(p => p.Value).Order());
    }

    /// <summary>Who may no longer is found out before anything is written, whatever stood still in between.</summary>
    [Fact]
    public async Task Nothing_is_written_on_a_check_that_is_too_old_unless_it_is_repeated()
    {
        var acme = await Here.Organization("acme");
        var (admissions, work) = (Here.Services.GetRequiredService<Admissions>(), Here.Services.GetRequiredService<UnitOfWork>());
        var (mayStill, asked) = (true, 0);
        Task<bool> Again()
        {
            asked++;
            return Task.FromResult(mayStill);
        }
        foreach (var (times, age) in ((int, TimeSpan)[])[(0, TimeSpan.Zero), (1, Revocations.Oldest + TimeSpan.FromMilliseconds(20))])
        {
            // A busy machine may take longer for it than a check may be old, and then asks once more.
            for (var tries = 0; tries == 0 || (asked > times && tries < 10); tries++)
            {
                admissions.Begin().LetIn(Again);
                await Task.Delay(age);
                asked = 0;
                await Here.Grant(new RenameOrganization(acme, $"Asked {times} {tries}", ByNobody));
            }
            asked.ShouldBe(times);
        }
        mayStill = false;
        // Old before the command, and grown old in the middle of a change.
        await Task.Delay(Revocations.Oldest + TimeSpan.FromMilliseconds(20));
        await Should.ThrowAsync<NoLongerAdmittedException>(() => Here.Send(new RenameOrganization(acme, "Never", ByNobody)));
        admissions.Begin().LetIn(Again);
        await Should.ThrowAsync<NoLongerAdmittedException>(() => work.Run(ByNobody, async change =>
        {
            await change.Write("update sites.organization set name = 'Never' where id = @id", new { id = acme.Value });
            change.Quiet("it is not kept");
            await Task.Delay(Revocations.Oldest + TimeSpan.FromMilliseconds(20));
        }, default));
        (await Here.Scalar<string>("select name from sites.organization")).ShouldNotBe("Never");
        admissions.Now!.End();
        await Here.Grant(new RenameOrganization(acme, "The product's own work", ByNobody));
    }

    /// <summary>A turn waits for a row that somebody holds, and the check grows old meanwhile: by grain and by direct turn.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task No_turn_is_written_on_an_old_check(bool byGrain)
    {
        await using var other = Here.AnotherNode();
        var node = byGrain ? Here : other;
        var acme = await Here.Organization("acme");
        var id = await Here.Account("liam@acme.example", managedBy: acme);
        node.Services.GetRequiredService<Admissions>().Begin().LetIn(() => Task.FromResult(false));
        await using var holder = await Database.OpenConnectionAsync();
        await Sql(holder, $"begin; select from accounts.account where id = '{id.Value}' for update");
        var turn = node.Send(new DeactivateAccount(id, acme, null, null, false, ByNobody));
        await Task.Delay(Revocations.Oldest + TimeSpan.FromMilliseconds(100));
        await Sql(holder, "rollback");
        await Should.ThrowAsync<NoLongerAdmittedException>(() => turn);
        (await Here.Scalar<short>("select state from accounts.account where id = @Value", new { id.Value }))
            .ShouldBe((short)AccountState.Active);
    }

    /// <summary>Frozen with the command before it, or slow between the two: a grain on another node counts the time on the way.</summary>
    [Fact]
    public async Task A_command_that_was_long_on_its_way_is_given_back()
    {
        var acme = await Here.Organization("acme");
        var id = await Here.Account("liam@acme.example", managedBy: acme);
        var grain = Here.Services.GetRequiredService<LocalSilo>().Now!.Grains.GetGrain<IAccountGrain>(id.Value);
        var elsewhere = SiloAddress.New(new(System.Net.IPAddress.Loopback, 1), 1);
        var command = new DeactivateAccount(id, acme, null, null, false, ByNobody);
        Here.Clock.Stand();
        SentOn.Say(Stopwatch.GetTimestamp(), elsewhere, Here.Clock);
        Here.Clock.Pass(Revocations.Oldest + TimeSpan.FromMilliseconds(1));
        await Should.ThrowAsync<TimeoutException>(() => grain.Turn(command));
        (await Here.Scalar<short>("select state from accounts.account where id = @Value", new { id.Value }))
            .ShouldBe((short)AccountState.Active);
        SentOn.Say(Stopwatch.GetTimestamp(), elsewhere, Here.Clock);
        (await grain.Turn(command)).Fact.ShouldNotBeNull("it came at once");
    }
}
