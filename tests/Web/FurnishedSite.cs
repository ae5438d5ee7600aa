using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Security.Saml;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Those that look at every page, one after the other: furnishing takes longer than most of them, and a node that has shown a page once
/// shows it sooner the next time. Named like the longest of them, which <see cref="Order"/> begins early.
/// </summary>
[CollectionDefinition(Name)]
public sealed class Furnished : ICollectionFixture<FurnishedSite>
{
    public const string Name = nameof(AskForWhatIsNotYours);
}

/// <summary>
/// Two organizations with one of everything that has an id, furnished once, and again after a test that leaves nothing as it was.
/// </summary>
public sealed class FurnishedSite : IAsyncLifetime
{
    public const string Password = "correct horse";

    readonly Dictionary<string, Dictionary<string, string>> _ids = [];
    bool _furnished;

    internal TestInstallation Here { get; private set; } = null!;
    internal WholeSite Site { get; private set; } = null!;

    /// <summary>By the organization's short name, then by what stands in a path.</summary>
    internal IReadOnlyDictionary<string, Dictionary<string, string>> Ids => _ids;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Before each test.</summary>
    internal async Task Ready()
    {
        if (_furnished) return;
        await DisposeAsync();
        Here = await TestInstallation.Fresh(nameof(FurnishedSite));
        Site = await WholeSite.On(Here);
        foreach (var (org, admin) in ((string, string)[])[("acme", "ada"), ("globex", "gus")]) await Furnish(org, admin);
        await Here.Grant(new GivePassword([await Here.Account("nora@mail.example", "Nora")], Password));
        _furnished = true;
    }

    /// <summary>After each test: the time that it let pass was its own.</summary>
    internal void Rest()
    {
        Here.Clock.Reset();
        foreach (var cache in Site.Services.GetServices<ICache>().Concat(Here.Services.GetServices<ICache>())) cache.Forget();
    }

    /// <summary>The next test finds it furnished afresh.</summary>
    internal void Spoil() => _furnished = false;

    public async Task DisposeAsync()
    {
        if (Site is not null) await Site.DisposeAsync();
        if (Here is not null) await Here.DisposeAsync();
    }

    static Origin By(AccountId actor) => new(actor.Value, "test", RequestId: $"{Guid.NewGuid():N}");

    /// <summary>One of everything that has an id.</summary>
    async Task Furnish(string org, string admin)
    {
        var id = await Here.Organization(org);
        var boss = await Here.Admin(id, $"{admin}@{org}.example");
        await Here.Admin(id, $"second@{org}.test");
        var domain = await Here.VerifiedDomain(id, $"{org}.example", automatic: false);
        var person = await Here.Account($"liam@{org}.example", "Liam", managedBy: id);
        await Here.Account($"unclaimed@{org}.example");
        await Here.Grant(new GivePassword([boss, person], Password));
        await Here.Grant(new SignIn($"liam@{org}.example", Password, "Firefox", TestInstallation.Console));
        var device = (await Here.Grant(new ReadDevices(person, null))).Single().Id;
        var token = (await Here.Grant(new CreateApiToken(person, "Backup", 90, By(person)))).Token.Id;
        var key = (await Here.Grant(new CreateApiKey(id, boss, "Nightly", ["jobs:read"], 7, By(boss)))).Key.Id;
        var policy = await Here.Grant(new CreatePolicy(id, PolicyDraft.Initial with { Name = "Contractors" }, By(boss)));
        await Here.Grant(new ProposeIdentityProvider(id, null, $"https://idp.{org}.example", $"https://idp.{org}.example/sso",
            SamlPaper.Key.ExportCertificatePem(), By(boss)));
        var claim = await Here.Grant(new BeginClaim(id, domain, null, By(boss)));
        var bulk = await Here.Grant(new PrepareBulk(id, "deactivate", [person], null, By(boss)));
        var job = await Here.Grant(new ConfirmBulk(id, await Here.Grant(new BeginClaim(id, domain, null, By(boss))), null, null, false,
            false,
            $"{org}.example", By(boss)));
        await Here.Send(new OfferApps([new("jira", "Jira"), new("trello", "Trello")]));
        var (site, other) = (await Here.Grant(new CreateSite(id, "Team", $"https://team.{org}.example", By(boss))),
            await Here.Grant(new CreateSite(id, "Other", $"https://other.{org}.example", By(boss))));
        foreach (var place in (SiteId[])[site, other]) await Here.Grant(new PutAppOnSite(place, "jira", By(boss)));
        await Here.Grant(new PutAppOnSite(site, "trello", By(boss)));
        var group = await Here.Grant(new CreateGroup(id, "Developers", null, By(boss)));
        await Here.Grant(new GiveGroupAccess(id, group, site, "jira", AppRole.User, By(boss)));
        await Here.Grant(new AllowSiteGroups(id, true, By(boss)));
        var roles = new Dictionary<string, AppRole> { ["jira"] = AppRole.User };
        await Here.Grant(new InviteUsers(site, [$"liam@{org}.example", $"newcomer@{org}.test"], roles, [group], null, By(boss)));
        var invitation = await Here.Scalar<Guid>("select id from sites.invitation where email = @email",
            new { email = $"newcomer@{org}.test" });
        var change = await Here.Grant(new DraftChange(id, null, MembershipChange.Suspend, [person], By(boss)));
        var ofSite = await Here.Grant(new DraftChange(id, site, MembershipChange.Suspend, [person], By(boss)));
        var siteJob =
            await Here.Grant(new ConfirmBulk(id,
                await Here.Grant(new DraftInvitations(site, AddressInput.Of($"guest@{org}.test"), null, roles, [], null, By(boss))), null,
                    null, false, false, null, By(boss))
            { Site = site });
        foreach (var (name, place, app) in ((string, SiteId, string?)[])[
            ("sam", site, null), ("otto", site, "trello"), ("sina", other, null)])
        {
            await Here.Grant(new GivePassword([await Here.Account($"{name}@{org}.test")], Password));
            await Here.Grant(new AppointSiteAdmin(place, app, $"{name}@{org}.test", By(boss)));
        }
        var webhook = (await Here.Grant(new CreateWebhook(id, boss, $"https://receiver.{org}.example/", By(boss)))).Webhook.Id;
        // What it sends by itself is no visitor's doing.
        var directory = (await Here.Grant(new CreateIdentityDirectory(id, boss, "Entra ID", By(boss)))).Directory.Id;
        await Here.Grant(new PauseWebhook(id, webhook, true, By(boss)));
        var entry = await Here.Scalar<Guid>("select id from kernel.audit_entry where organization_id = @id order by at desc limit 1",
            new { id = id.Value });
        _ids[org] = (((string Name, string Value)[])
        [
            ("siteId", $"{site}"), ("groupId", $"{group}"), ("invitationId", $"{invitation}"), ("app", "jira"), ("change", "suspend"),
            ("orgId", $"{id}"), ("domainId", $"{domain}"), ("accountId", $"{person}"), ("deviceId", $"{device}"), ("tokenId", $"{token}"),
            ("policyId", $"{policy}"), ("jobId", $"{job}"),
            ("claims/draftId", $"{claim}"), ("bulk/draftId", $"{bulk}"), ("webhookId", $"{webhook}"), ("directoryId", $"{directory}"),
            ("keyId", $"{key}"), ("changes/draftId", $"{change}"), ("s/draftId", $"{ofSite}"), ("s/jobId", $"{siteJob}"),
            ("detail", "job-title"), ("verb", "claim"), ("status", "404"), ("entryId", $"{entry}"), ("icons./mark", "former"),
            ("mailId", $"{Guid.NewGuid()}"), // the demo's emails are everybody's
        ]).ToDictionary(named => named.Name, named => named.Value);
    }
}
