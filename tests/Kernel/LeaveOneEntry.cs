using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Domains.Internal;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Webhooks;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Commands that other tests only send through pages, by a schedule or in great numbers: each once under a request of its own, so
/// that <see cref="AuditWatch"/> looks at its entry (SPEC L1).</summary>
[Trait("Rule", "L1")]
public sealed class LeaveOneEntry : OnInstallation
{
    OrganizationId _acme;
    AccountId _ada;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _acme = await Here.Organization("acme");
        _ada = await Here.Admin(_acme, "ada@acme.example");
        await Here.Send(new OfferApps([new("jira", "Jira")]));
    }

    async Task<IReadOnlyList<(string Action, Guid Subject)>> Of(Origin origin) =>
        [.. await Here.Rows<(string, Guid)>("select action, subject_id from kernel.audit_entry where request_id = @id order by at, id",
            new { id = origin.RequestId })];

    async Task Leaves<T>(string action, Guid subject, Func<Origin, MediatR.IRequest<Outcome<T>>> command) where T : notnull
    {
        var origin = By(_ada);
        await Here.Grant(command(origin));
        (await Of(origin)).ShouldBe([(action, subject)]);
    }

    [Fact]
    public async Task What_is_done_to_organizations_sites_and_groups()
    {
        var site = await Here.Grant(new CreateSite(_acme, "Team", "https://team.example", By(_ada)));
        await Here.Grant(new PutAppOnSite(site, "jira", By(_ada)));
        var group = await Here.Grant(new CreateGroup(_acme, "Crew", null, By(_ada)));
        var boss = await Here.Account("boss@acme.example");
        await Leaves("ExperienceChosen", _acme.Value, o => new ChooseExperience(_acme, Experience.Original, o));
        await Leaves("SiteGroupsAllowed", _acme.Value, o => new AllowSiteGroups(_acme, true, o));
        await Leaves("SiteRenamed", site.Value, o => new RenameSite(site, "Crew’s own", o));
        await Here.Grant(new AppointSiteAdmin(site, null, "boss@acme.example", By(_ada)));
        await Leaves("SiteAdminDismissed", boss.Value, o => new DismissSiteAdmin(site, null, boss, o));
        await Here.Grant(new InviteUsers(site, ["boss@acme.example"], new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [], null,
            By(_ada)));
        await Leaves("AddedToGroup", boss.Value, o => new AddToGroupByEmail(_acme, group, "boss@acme.example", o));
        await Leaves("AppTakenOffSite", site.Value, o => new TakeAppOffSite(site, "jira", o));
        var hook = await Here.Grant(new CreateWebhook(_acme, _ada, "https://hooks.example/x", By(_ada)));
        await Leaves("WebhookDeleted", hook.Webhook.Id.Value, o => new DeleteWebhook(_acme, hook.Webhook.Id, o));
    }

    [Fact]
    public async Task What_facts_bring_about()
    {
        var domain = await Here.VerifiedDomain(_acme, "acme.example");
        await Here.Rows<int>("update domains.domain set state = @state where id = @id returning 1",
            new { state = (int)DomainState.Unverified, id = domain.Value });
        await Leaves("DomainSuperseded", domain.Value, o => new SupersedeDomain(domain, o));
        await Here.Admin(_acme, "second@acme.example");
        await Leaves("OrganizationAdminDismissed", _ada.Value, o => new LeaveDeletedOrganization(_ada, _acme, o));
    }

    [Fact]
    public async Task A_population()
    {
        var origin = ByNobody;
        await Here.Send(new SeedAccounts(new Population("acme.example", Seed: 1), 10, origin, _ => Task.CompletedTask));
        (await Of(origin)).ShouldHaveSingleItem().Action.ShouldBe("AccountsSeeded");
    }
}
