using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>Who gets which mail, and each one once.</summary>
public sealed class TellPeople : OnInstallation
{
    async Task<string[]> MailsTo(string email) =>
        [.. await Here.Rows<string>("select template from kernel.mail where recipient = @email order by created_at, template",
            new { email })];

    [Fact, Trait("Rule", "C5"), Trait("Rule", "C7"), Trait("Rule", "A5")]
    public async Task A_person_is_told_of_a_claim_of_its_end_and_of_a_deletion_and_its_cancelling()
    {
        var acme = await Here.Organization("acme");
        await Here.StartBackground();
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        await Here.Grant(new ScheduleDeletion(liam, acme, TestInstallation.Console));
        await Here.Grant(new CancelDeletion(liam, acme, TestInstallation.Console));
        await Here.Quiet();
        (await MailsTo("liam@acme.example")).Order().ShouldBe(["claimed-notice", "deletion-cancelled", "deletion-scheduled"]);
        await Here.Grant(new UnclaimAccount(liam, acme, Exclude: true, TestInstallation.Console));
        await Here.Grant(new ScheduleDeletion(liam, null, By(liam)));
        await Here.Quiet();
        (await MailsTo("liam@acme.example")).Order()
            .ShouldBe(["claimed-notice", "deletion-cancelled", "deletion-scheduled", "deletion-scheduled", "unclaimed-notice"]);
        (await Here.Scalar<long>(
            "select count(*) from kernel.mail where template = 'deletion-scheduled' and (letter->>'byYourself')::boolean = "
            + "(organization_id is null)")).ShouldBe(2);
        // A domain that was lost gives accounts back without a word by mail.
        var jane = await Here.Account("jane@acme.example", managedBy: acme);
        await Here.Grant(new UnclaimAccount(jane, acme, Exclude: false, TestInstallation.Console));
        await Here.Quiet();
        (await MailsTo("jane@acme.example")).ShouldBe(["claimed-notice"]);
        // Nor is somebody told who gets nothing back by it.
        var mia = await Here.Account("mia@acme.example", managedBy: acme);
        var noah = await Here.Account("noah@acme.example", managedBy: acme);
        await Here.Grant(new DeactivateAccount(mia, acme, null, null, false, TestInstallation.Console));
        await Here.Grant(new ScheduleDeletion(noah, acme, TestInstallation.Console));
        foreach (var leaver in (AccountId[])[mia, noah])
            await Here.Grant(new UnclaimAccount(leaver, acme, Exclude: true, TestInstallation.Console));
        await Here.Quiet();
        (await MailsTo("mia@acme.example")).ShouldBe(["claimed-notice"]);
        (await MailsTo("noah@acme.example")).ShouldBe(["claimed-notice", "deletion-scheduled"], ignoreOrder: true);
    }

    [Theory, InlineData(true), InlineData(false), Trait("Rule", "C5")]
    public async Task A_bulk_claim_tells_its_people_once_if_the_admin_wishes_and_the_admin_when_it_was_large(bool notify)
    {
        const int many = 1_200;
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        var ada = await Here.Admin(acme, "ada@acme.test");
        await Here.Seed("acme.example", many);
        var draft = await Here.Grant(new BeginClaim(acme, domain, null, By(ada)));
        var job = await Here.Grant(new ConfirmBulk(acme, draft, null, null, notify, false, "acme.example", By(ada)));
        foreach (var range in await Here.Rows<int>("select no from kernel.job_range where job_id = @job", new { job = job.Value }))
            await Here.Services.GetRequiredService<JobWorker>().Run(job.Value, range, CancellationToken.None);
        var facts = await Here.Rows<(string Type, string Payload)>("select type, payload::text from kernel.outbox where stream = @job",
            new { job = job.Value });
        await Here.StartBackground();
        await Here.Quiet();
        // Heard again: nobody gets a second mail.
        foreach (var (type, payload) in facts)
            await Here.Mediator.Publish(Here.Services.GetRequiredService<FactTypes>().Read(type, payload));
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'claimed-notice' and can_wait"))
            .ShouldBe(notify ? many : 0);
        (await Here.Scalar<long>("select count(distinct recipient) from kernel.mail where template = 'claimed-notice'"))
            .ShouldBe(notify ? many : 0);
        (await MailsTo("ada@acme.test")).ShouldBe(["job-finished"]);
        (await Here.Scalar<string>("select letter->>'items' from kernel.mail where template = 'job-finished'")).ShouldBe("1,200 accounts");
    }
}
