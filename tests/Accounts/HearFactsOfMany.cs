using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>One fact tells of one account and of many, and what the version before has written down is heard as it was meant.</summary>
public sealed class HearFactsOfMany : OnInstallation
{
    static readonly AccountId Liam = new(new("01900000-0000-7000-8000-000000000001"));
    static readonly AccountId Bea = new(new("01900000-0000-7000-8000-000000000002"));
    static readonly OrganizationId Acme = new(new("01900000-0000-7000-8000-0000000000aa"));
    static readonly JobId Job = new(new("01900000-0000-7000-8000-0000000000bb"));
    static readonly DateTimeOffset At = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    LifecycleFact Read(string name, string json) => (LifecycleFact)Here.Services.GetRequiredService<FactTypes>().Read(name, json);

    [Theory]
    [InlineData("AccountClaimed", "", typeof(AccountClaimed), true)]
    [InlineData("AccountUnclaimed", ", \"excluded\": true", typeof(AccountUnclaimed), true)]
    [InlineData("AccountDeactivated", ", \"reason\": \"left\", \"message\": \"Bye\", \"notify\": false", typeof(AccountDeactivated), false)]
    [InlineData("AccountReactivated", "", typeof(AccountReactivated), true)]
    [InlineData("DeletionScheduled", ", \"dueAt\": \"2026-11-15T12:00:00+00:00\"", typeof(DeletionScheduled), true)]
    [InlineData("DeletionCancelled", "", typeof(DeletionCancelled), true)]
    [InlineData("AccountErased", "", typeof(AccountErased), true)]
    public void A_fact_of_one_that_the_version_before_wrote_is_read(string name, string more, Type type, bool notify)
    {
        var fact = Read(name, $$"""{"account": "{{Liam}}", "at": "2026-11-01T12:00:00+00:00", "by": "{{Acme}}"{{more}}}""");
        fact.ShouldBeOfType(type);
        (fact.Account, fact.At, fact.Job, fact.Notify).ShouldBe((Liam, At, null, notify));
        fact.Accounts.ShouldBe([Liam]);
        fact.StoredAs.ShouldBe(name);
    }

    [Theory]
    [InlineData("AccountsClaimed", ", \"notify\": true", typeof(AccountClaimed))]
    [InlineData("AccountsUnclaimed", ", \"notify\": true", typeof(AccountUnclaimed))]
    [InlineData("AccountsDeactivated", ", \"message\": \"Bye\", \"notify\": true", typeof(AccountDeactivated))]
    [InlineData("AccountsReactivated", "", typeof(AccountReactivated))]
    [InlineData("DeletionsScheduled", ", \"dueAt\": \"2026-11-15T12:00:00+00:00\", \"notify\": true", typeof(DeletionScheduled))]
    [InlineData("DeletionsCancelled", ", \"notify\": true", typeof(DeletionCancelled))]
    [InlineData("AccountsErased", null, typeof(AccountErased))]
    public void A_fact_of_many_is_the_same_fact_and_is_written_so_that_the_version_before_can_read_it(string name, string? more, Type type)
    {
        // No job and no organization erases.
        var by = more is null ? "" : $", \"by\": \"{Acme}\", \"job\": \"{Job}\"{more}";
        var json = $$"""{"accounts": ["{{Liam}}", "{{Bea}}"], "at": "2026-11-01T12:00:00+00:00"{{by}}}""";
        var fact = Read(name, json);
        fact.ShouldBeOfType(type);
        (fact.At, fact.Job, fact.Notify).ShouldBe((At, more is null ? (JobId?)null : Job, true));
        fact.Accounts.ShouldBe([Liam, Bea]);
        fact.StoredAs.ShouldBe(name);
        var (before, after) = (JsonNode.Parse(json)!.AsObject(), JsonNode.Parse(FactTypes.Write(fact))!.AsObject());
        foreach (var (member, value) in before) JsonNode.DeepEquals(after[member], value).ShouldBeTrue($"{member} of {name}");
    }

    [Fact, Trait("Rule", "A9"), Trait("Rule", "A10")]
    public async Task A_deactivation_of_many_that_the_version_before_left_in_the_outbox_ends_sessions_and_is_told()
    {
        var acme = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        await Here.Grant(new GivePassword([liam], "correct horse battery"));
        var session = await Here.Grant(new SignIn("liam@acme.example", "correct horse battery", "Firefox", TestInstallation.Console));
        await Here.Quiet();
        await Here.Scalar<int>("""
            insert into kernel.outbox (stream, type, payload, at) values (@job, 'AccountsDeactivated', @payload::jsonb, now())
            """, new
        {
            job = Job.Value,
            payload = $$"""
                {"by": "{{acme}}", "job": "{{Job}}", "accounts": ["{{liam}}"], "at": "{{Here.Clock.GetUtcNow():O}}", "message": "Bye",
                  "notify": true}
                """
        });
        await Here.Quiet();
        (await Here.Send(new AuthenticateSession(session.Token))).ShouldBeNull();
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'account-deactivated'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_command_that_the_version_before_carried_out_is_answered_from_what_it_wrote()
    {
        var acme = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        var command = new DeactivateAccount(liam, acme, "left", "Bye", false, TestInstallation.Console);
        var first = await Here.Grant(command);
        await Here.Scalar<int>("update kernel.audit_entry set fact = fact - 'job' - 'accounts' where action = 'AccountDeactivated'");
        (await Here.Grant(command)).ShouldBe(first);
    }
}
