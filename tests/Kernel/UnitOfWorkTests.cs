using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Rows, entries, mails and facts of a change are one transaction, and none commits unaccounted for.</summary>
[Trait("Rule", "L1")]
public sealed class UnitOfWorkTests : OnInstallation
{
    static readonly Origin Nobody = new(null, "test");
    readonly Guid _thing = Guid.CreateVersion7();
    OrganizationId _acme;

    UnitOfWork Work => Here.Services.GetRequiredService<UnitOfWork>();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _acme = await Here.Organization("acme");
        await Here.Quiet();
        await Woken(MailSending.WakeKey);
        await Woken(OutboxDelivery.WakeKey);
    }

    Task<bool> Woken(string loop) => Here.Services.GetRequiredKeyedService<Wake>(loop).Wait(TimeSpan.Zero, CancellationToken.None);

    /// <summary>A row, an entry, a mail and a fact, each of which can be found by itself.</summary>
    async Task Everything(Change change, bool audit = true)
    {
        (await change.Write("update sites.organization set name = 'Changed' where id = @id", new { id = _acme.Value })).ShouldBe(1);
        if (audit)
            change.WriteAudit(_acme, _thing, KernelActions.MailRetried, new { name = "Acme" }, new { name = "Changed" }, new { mail = "x" },
                new { asked = true });
        change.QueueMail(new("liam@acme.example", "A subject", "Some words.", _acme.Value));
        change.Publish(_acme.Value, new OrganizationDeleted(_acme, change.Now, null));
    }

    async Task<(string? Name, long Entries, long Mails, long Facts)> Written() => (
        await Here.Scalar<string>("select name from sites.organization where id = @id", new { id = _acme.Value }),
        await Here.Scalar<long>("select count(*) from kernel.audit_entry where subject_id = @_thing", new { _thing }),
        await Here.Scalar<long>("select count(*) from kernel.mail where recipient = 'liam@acme.example'"),
        await Here.Scalar<long>("select count(*) from kernel.outbox where type = 'OrganizationDeleted'"));

    async Task NothingIsWritten()
    {
        var (name, entries, mails, facts) = await Written();
        (name == "Changed", entries, mails, facts).ShouldBe((false, 0, 0, 0));
        (await Woken(MailSending.WakeKey), await Woken(OutboxDelivery.WakeKey)).ShouldBe((false, false));
    }

    [Fact]
    public async Task All_of_it_is_written_and_sender_and_delivery_are_woken_after_the_commit_only()
    {
        var outcome = await Work.Run<Done>(Nobody with { RequestId = "r1" }, async change =>
        {
            await Everything(change);
            (await Woken(MailSending.WakeKey), await Woken(OutboxDelivery.WakeKey)).ShouldBe((false, false));
            return Done.It;
        }, CancellationToken.None);
        outcome.Granted.ShouldBeTrue();
        (await Written()).ShouldBe(("Changed", 1, 1, 1));
        (await Woken(MailSending.WakeKey), await Woken(OutboxDelivery.WakeKey)).ShouldBe((true, true));
        (await Here.Rows<(Guid?, string, string, string, string, string, string, string)>("""
            select organization_id, action, means, request_id, before::text, after::text, personal::text, fact::text
            from kernel.audit_entry where subject_id = @_thing
            """, new { _thing })).ShouldBe([(_acme.Value, "MailRetried", "test", "r1", """{"name": "Acme"}""", """{"name": "Changed"}""",
            """{"after": {"mail": "x"}}""", """{"asked": true}""")]);
    }

    [Fact]
    public async Task A_change_without_mails_and_facts_wakes_nobody()
    {
        await Work.Run(Nobody, change =>
        {
            change.WriteAudit(_acme, _thing, KernelActions.MailRetried);
            return Task.CompletedTask;
        }, CancellationToken.None);
        (await Written()).Entries.ShouldBe(1);
        (await Woken(MailSending.WakeKey), await Woken(OutboxDelivery.WakeKey)).ShouldBe((false, false));
    }

    [Fact]
    public async Task A_refusal_writes_nothing()
    {
        var outcome = await Work.Run<Done>(Nobody, async change =>
        {
            await Everything(change);
            return new NotFound("thing");
        }, CancellationToken.None);
        outcome.Refusal.ShouldBeOfType<NotFound>();
        await NothingIsWritten();
    }

    [Fact]
    public async Task A_change_without_an_entry_is_refused_at_its_commit()
    {
        var refused = await Should.ThrowAsync<InvalidOperationException>(() =>
            Work.Run(Nobody, change => Everything(change, audit: false), CancellationToken.None));
        refused.Message.ShouldContain("no audit entry");
        await NothingIsWritten();
    }

    [Fact]
    public async Task A_change_that_says_why_it_needs_no_entry_commits_without_one()
    {
        await Work.Run(Nobody, async change =>
        {
            await Everything(change, audit: false);
            change.Quiet("a test");
        }, CancellationToken.None);
        (await Written()).ShouldBe(("Changed", 0, 1, 1));
    }

    [Fact]
    public async Task A_statement_that_fails_at_the_end_takes_everything_back()
    {
        await Should.ThrowAsync<PostgresException>(() => Work.Run(Nobody, async change =>
        {
            await Everything(change);
            change.Queue(new("select 1 / 0"));
        }, CancellationToken.None));
        await NothingIsWritten();
    }

    [Fact]
    public async Task What_is_only_queued_is_all_or_nothing_too()
    {
        await Should.ThrowAsync<PostgresException>(() => Work.Run(Nobody, change =>
        {
            change.WriteAudit(_acme, _thing, KernelActions.MailRetried);
            change.Queue(new("update sites.organization set name = 'Changed'"));
            change.Queue(new("select 1 / 0"));
            return Task.CompletedTask;
        }, CancellationToken.None));
        await NothingIsWritten();
    }

    [Fact]
    public async Task A_look_writes_nothing_and_answers_what_it_saw()
    {
        (await Work.Look(Nobody, async change =>
        {
            await Everything(change);
            return await change.Value<string>("select name from sites.organization where id = @id", new { id = _acme.Value });
        }, CancellationToken.None)).ShouldBe("Changed");
        await NothingIsWritten();
    }
}
