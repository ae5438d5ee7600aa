using System.Collections.Concurrent;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Acme, Globex and their people as the demo has them, under domain names of their own: a journey changes what it likes,
/// and another one in the same product sees nothing of it. Made by the product's own commands, in less time than a product takes to start.
/// </summary>
public sealed class World
{
    const int More = 200;
    static readonly Origin Origin = new(null, "demo");
    static readonly Lazy<Task<IMediator>> Commands = new(Connect);
    static int _worlds;

    World(Installation installation, int number)
    {
        Installation = installation;
        (Acme, Globex, Mail) = ($"acme-{number}.example", $"globex-{number}.example", $"mail-{number}.example");
    }

    public Installation Installation { get; }

    /// <summary>The domain that is verified, and on which everybody is but Gus and one Jane.</summary>
    public string Acme { get; }

    /// <summary>Added by Globex, and not verified.</summary>
    public string Globex { get; }

    /// <summary>Where people have their addresses whom no organization manages.</summary>
    public string Mail { get; }

    /// <summary>Admin of Acme and Globex.</summary>
    public string Ada => $"ada@{Acme}";

    /// <summary>Admin of Globex alone.</summary>
    public string Gus => $"gus@{Globex}";

    /// <summary>Managed by Acme.</summary>
    public string Liam => $"liam@{Acme}";

    /// <summary>Nobody manages her; a user of one of Acme's sites.</summary>
    public string Jane => $"jane@{Mail}";

    /// <summary>On Acme's domain, not claimed, and suspended on its site.</summary>
    public string JaneAtAcme => $"jane@{Acme}";

    public static async Task<World> Make()
    {
        var world = new World(await Installation.OfAll, Interlocked.Increment(ref _worlds));
        await world.Fill(await Commands.Value);
        return world;
    }

    public Guid AcmeId { get; private set; }

    public Guid AdaId { get; private set; }

    public Guid LiamId { get; private set; }

    public Guid JaneId { get; private set; }

    /// <summary>The first value that the statement finds. Every other world is in the same database.</summary>
    public Task<object?> Query(string sql) => Installation.Query(sql);

    public async Task StillSays(string sql, object value) => (await Query(sql)).ShouldBe(value);

    public async Task<object?> DomainId() => await Query($"select id from domains.domain where name = '{Acme}'");

    /// <summary>What <c>seed --domain lab.test --org lab</c> makes, without a process of its own: an organization and its admin.</summary>
    public static async Task MakeLab(string connectionString)
    {
        await Modules.Migrate(connectionString);
        await using var services = Services(connectionString, demo: false, new("http://localhost:5080"));
        var mediator = services.GetRequiredService<IMediator>();
        var (lab, admin) = (await Organization(mediator, "lab.test", "lab"), await Person(mediator, "admin@lab.test", "lab admin"));
        Expect(await mediator.Send(new AppointOrganizationAdmin(admin, lab, Origin)));
        Expect(await mediator.Send(new GivePassword([admin], Steps.DemoPassword)));
    }

    static async Task<IMediator> Connect()
    {
        var product = await Installation.OfAll;
        return Services(product.Database!, demo: true, product.Address).GetRequiredService<IMediator>();
    }

    /// <summary>The modules without their background work, which the product does.</summary>
    static ServiceProvider Services(string connectionString, bool demo, Uri address) => new ServiceCollection().AddLogging()
        .AddModules(new ConfigurationBuilder().Build(), connectionString, ownsDatabase: false, demo, address).BuildServiceProvider();

    async Task Fill(IMediator mediator)
    {
        var (acme, globex) = (await Organization(mediator, Acme, "Acme"), await Organization(mediator, Globex, "Globex"));
        var (ada, gus) = (await Person(mediator, Ada, "Ada Admin"), await Person(mediator, Gus, "Gus Globex"));
        var liam = await Person(mediator, Liam, "Liam Novak");
        var (unclaimed, jane) = (await Person(mediator, JaneAtAcme, "Jane Doe"), await Person(mediator, Jane, "Jane Doe"));
        foreach (var (admin, organization) in ((AccountId, OrganizationId)[])[(ada, acme), (ada, globex), (gus, globex)])
            Expect(await mediator.Send(new AppointOrganizationAdmin(admin, organization, Origin)));
        var people = new ConcurrentBag<AccountId>([ada, gus, liam, unclaimed, jane]);
        foreach (var (domain, many) in ((string, int)[])[(Acme, More), (Globex, More / 4)])
            await mediator.Send(new SeedAccounts(new Population(domain, Seed: 7), many, Origin, ids =>
            {
                foreach (var id in ids) people.Add(id);
                return Task.CompletedTask;
            }));
        // At once, since a hash is slow on purpose.
        Expect(await mediator.Send(new GivePassword([.. people], Steps.DemoPassword)));
        await Verified(mediator, acme, Acme);
        Expect(await mediator.Send(new AddDomain(globex, Globex, Origin)));
        Expect(await mediator.Send(new ClaimAccount(liam, acme, Acme, true, Origin)));
        await Sites(mediator, acme, unclaimed);
        (AcmeId, AdaId, LiamId, JaneId) = (acme.Value, ada.Value, liam.Value, jane.Value);
    }

    async Task Sites(IMediator mediator, OrganizationId acme, AccountId unclaimed)
    {
        var engineering = Expect(await mediator.Send(new CreateSite(acme, "Acme Engineering", $"https://engineering.{Acme}", Origin)));
        var support = Expect(await mediator.Send(new CreateSite(acme, "Acme Support", $"https://support.{Acme}", Origin)));
        foreach (var app in (string[])["jira", "confluence", "bitbucket"])
            Expect(await mediator.Send(new PutAppOnSite(engineering, app, Origin)));
        foreach (var app in (string[])["jira", "trello"]) Expect(await mediator.Send(new PutAppOnSite(support, app, Origin)));
        var developers = Expect(await mediator.Send(new CreateGroup(acme, "Developers", "Everybody who writes code", Origin)));
        Expect(await mediator.Send(new GiveGroupAccess(acme, developers, engineering, "bitbucket", AppRole.User, Origin)));
        var admin = new Dictionary<string, AppRole> { ["jira"] = AppRole.Admin, ["confluence"] = AppRole.Admin };
        var user = new Dictionary<string, AppRole> { ["jira"] = AppRole.User };
        Expect(await mediator.Send(new InviteUsers(engineering, [Ada], admin, [developers], null, Origin)));
        Expect(await mediator.Send(new InviteUsers(engineering, [Liam, Jane, JaneAtAcme], user, [developers], null, Origin)));
        var newcomer = new InviteUsers(engineering, [$"newcomer@{Mail}"], user, [], "We look forward to working with you.", Origin);
        Expect(await mediator.Send(newcomer));
        Expect(await mediator.Send(new InviteUsers(support, [Ada, Liam], user, [], null, Origin)));
        Expect((await mediator.Send(new ChangeMembership(acme, engineering, [unclaimed], MembershipChange.Suspend, Origin)))[0]);
    }

    static async Task<OrganizationId> Organization(IMediator mediator, string domain, string name) =>
        Expect(await mediator.Send(new CreateOrganization(new(Guid.CreateVersion7()), domain.Split('.')[0], name, Origin))).Id;

    static async Task<AccountId> Person(IMediator mediator, string email, string name)
    {
        var (id, address) = (new AccountId(Guid.CreateVersion7()), EmailAddress.Trusted(email));
        return Expect(await mediator.Send(new SignUpAccount(id, address, name, Verified: true, ClaimFor: null, Origin))).Account;
    }

    static async Task Verified(IMediator mediator, OrganizationId organization, string domain)
    {
        var id = Expect(await mediator.Send(new AddDomain(organization, domain, Origin)));
        var view = Expect(await mediator.Send(new ReadDomain(organization, id)));
        Expect(await mediator.Send(new AddDemoRecord(view.DnsName, "TXT", view.DnsValue)));
        Expect(await mediator.Send(new VerifyDomain(organization, id, ProofMethod.Dns, Origin)));
    }

    static T Expect<T>(Outcome<T> outcome) where T : notnull => outcome.Granted
        ? outcome.Value
        : throw new InvalidOperationException($"A journey's people could not be made: {outcome.Refusal.Sentence}");
}
