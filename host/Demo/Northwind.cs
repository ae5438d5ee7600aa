using System.Security.Cryptography;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Webhooks;
using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace DirectoryPlatform.Host.Demo;

/// <summary>
/// The demo's third organization (SPEC R14): 1,240 people and eighteen months of what admins do. It is made by the product's own commands,
/// under a clock that goes through those months, so that rows, jobs and the audit log say what they would say. Only what people do by
/// themselves every day (signing in, second steps, tokens) is written as rows at once: <see cref="NorthwindDays"/>.
/// </summary>
sealed class Northwind(IServiceProvider services, PastClock clock, string password)
{
    public const string Admin = "nora@northwind.example";

    const string Main = "northwind.example", Labs = "labs.northwind.example", Africa = "northwind-africa.example",
        Retail = "northwind-retail.example", Partner = "partner.example";

    static readonly (string Domain, int People)[] Populations = [(Main, 877), (Labs, 190), (Africa, 64), (Retail, 43), (Partner, 60)];

    static readonly (string Email, string Name)[] Named =
    [
        (Admin, "Nora Lindqvist"), ("samir@northwind.example", "Samir Haddad"), ("ines@northwind.example", "Inês Carvalho"),
        ("otto@northwind.example", "Otto Brandt"), ("mei@labs.northwind.example", "Mei Nakamura"), ("paul@partner.example", "Paul Okoro"),
    ];

    readonly IMediator _mediator = services.GetRequiredService<IMediator>();
    readonly OrganizationId _org = new(Guid.CreateVersion7());
    readonly Dictionary<string, AccountId> _named = [];

    AccountId Nora => _named[Admin];
    NpgsqlDataSource Database => services.GetRequiredService<NpgsqlDataSource>();
    Origin ByNora => new(Nora.Value, "web", "192.0.2.17");
    Origin BySamir => new(_named["samir@northwind.example"].Value, "web", "192.0.2.44");

    public static async Task Make(IConfiguration configuration, string connectionString, Uri publicUrl, string password)
    {
        var clock = new PastClock(TimeProvider.System);
        // The modules without their background work, and with a clock of their own.
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock)
            .AddModules(configuration, connectionString, ownsDatabase: false, demo: true, publicUrl).BuildServiceProvider();
        await new Northwind(services, clock, password).Make();
    }

    async Task Make()
    {
        await Found();
        var (engineering, desk) = await Furnish();
        await Grow();
        await Invite(engineering, desk);
        await Connect();
        clock.GoTo(0);
        await NorthwindDays.Live(Database, _org, SealedSecret(), clock.GetUtcNow());
    }

    async Task Found()
    {
        clock.GoTo(548);
        var platform = new Origin(null, "demo");
        Expect(await _mediator.Send(new CreateOrganization(_org, "northwind", "Northwind", platform)));
        foreach (var (email, name) in Named)
            _named[email] = Expect(await _mediator.Send(new SignUpAccount(new(Guid.CreateVersion7()), EmailAddress.Trusted(email), name,
                Verified: true, ClaimFor: null, platform))).Account;
        Expect(await _mediator.Send(new AppointOrganizationAdmin(Nora, _org, platform)));
        var people = new List<AccountId>(_named.Values);
        foreach (var (domain, count) in Populations)
            await _mediator.Send(new SeedAccounts(new Population(domain, Seed: 11), count, platform, ids =>
            {
                people.AddRange(ids);
                return Task.CompletedTask;
            }));
        Expect(await _mediator.Send(new GivePassword(people, password)));
        await NorthwindDays.Introduce(Database, Named.Select(n => n.Email));
        clock.GoTo(545);
        await Verify(Main);
    }

    async Task<(SiteId Engineering, SiteId Desk)> Furnish()
    {
        clock.GoTo(540);
        await _mediator.Send(new OfferApps(DemoSites.Apps));
        var engineering =
            Expect(await _mediator.Send(new CreateSite(_org, "Engineering", "https://engineering.northwind.example", ByNora)));
        var desk = Expect(await _mediator.Send(new CreateSite(_org, "Service desk", "https://desk.northwind.example", ByNora)));
        foreach (var (site, app) in ((SiteId, string)[])[
            (engineering, "jira"), (engineering, "confluence"), (engineering, "bitbucket"), (desk, "jira"), (desk, "trello")])
            Expect(await _mediator.Send(new PutAppOnSite(site, app, ByNora)));
        await Policy(530, new("Engineering", true, true, PasswordStrength.Good, null, 5, 12 * 60, 30, true), RuleAttribute.Department,
            "Engineering");
        await Policy(470, new("Finance and legal", true, true, PasswordStrength.Strong, 180, 10, 60, 1, false), RuleAttribute.Department,
            "Finance");
        await Policy(200, new("Interns", false, false, PasswordStrength.Fair, 90, 3, 8 * 60, 7, false), RuleAttribute.JobTitle, "Intern");
        return (engineering, desk);
    }

    async Task Policy(double daysAgo, PolicyDraft draft, RuleAttribute attribute, string value)
    {
        clock.GoTo(daysAgo);
        var policy = Expect(await _mediator.Send(new CreatePolicy(_org, draft, ByNora)));
        Expect(await _mediator.Send(new AddPolicyRule(_org, policy, attribute, value, ByNora)));
    }

    /// <summary>Four waves of claims, and those who leave.</summary>
    async Task Grow()
    {
        var (main, free) = (await Domain(Main), new Queue<string>(await Addresses(Main)));
        List<string> Next(int count) => [.. Enumerable.Range(0, count).Select(_ => free.Dequeue())];
        await Claim(500, main, [Admin, "samir@northwind.example", "ines@northwind.example", "otto@northwind.example", .. Next(296)]);
        clock.GoTo(450);
        Expect(await _mediator.Send(new AppointOrganizationAdmin(_named["samir@northwind.example"], _org, ByNora)));
        await Claim(380, main, Next(220));
        clock.GoTo(300);
        await Verify(Labs);
        await Claim(290, await Domain(Labs),
            [.. (await NorthwindDays.Addresses(Database, Labs, null, [], unverified: true)).Take(178)]);
        await Deactivate(250, "Left the company", 14);
        clock.GoTo(210);
        await Verify(Africa);
        await Verify(Retail);
        await Claim(200, await Domain(Africa), [.. (await Addresses(Africa)).Take(32)]);
        await Deactivate(130, "Contract ended", 13);
        await Claim(60, main, Next(140));
        await Claim(58, await Domain(Retail), [.. (await Addresses(Retail)).Take(30)]);
        // Of these one was deactivated before, and nobody deactivates oneself: the job says so.
        await Deactivate(21, "Restructuring", 13, Admin);
        foreach (var (daysAgo, email) in new[] { 11.0, 6, 2 }.Zip((await Addresses(Main)).Skip(150)))
        {
            clock.GoTo(daysAgo);
            Expect(await _mediator.Send(new ScheduleDeletion(await Account(email), _org, BySamir)));
        }
        clock.GoTo(5);
        var records = await _mediator.Send(new ReadDemoZone());
        Expect(await _mediator.Send(new RemoveDemoRecord(records.Single(r => r.Name.EndsWith(Labs, StringComparison.Ordinal)).Id)));
        Expect(await _mediator.Send(new VerifyDomain(_org, await Domain(Labs), ProofMethod.Dns, Origin.Schedule)));
    }

    int _deactivated;

    async Task Deactivate(double daysAgo, string reason, int count, params string[] besides)
    {
        var leaving = (await Addresses(Main)).Skip(20 + 4 * _deactivated).Where((_, i) => i % 4 == 0).Take(count).ToList();
        _deactivated += count;
        clock.GoTo(daysAgo);
        await Run(Expect(await _mediator.Send(new PrepareBulkByList(_org, "deactivate",
            AddressInput.Of(string.Join('\n', [.. leaving, .. besides])), ByNora))), reason);
    }

    /// <summary>Departments become groups, and groups open apps.</summary>
    async Task Invite(SiteId engineering, SiteId desk)
    {
        var none = new Dictionary<string, AppRole>();
        var user = new Dictionary<string, AppRole> { ["jira"] = AppRole.User };
        var admin = new Dictionary<string, AppRole> { ["jira"] = AppRole.Admin, ["confluence"] = AppRole.Admin };
        clock.GoTo(495);
        Expect(await _mediator.Send(new InviteUsers(engineering, [Admin, "samir@northwind.example", "mei@labs.northwind.example"], admin,
            [], null, ByNora)));
        foreach (var (i, department) in NorthwindDays.Departments.Index())
        {
            clock.GoTo(490 - 30 * i);
            var group = Expect(await _mediator.Send(new CreateGroup(_org, department, $"Everyone in {department}", ByNora)));
            var (site, app) = i < 3 ? (engineering, "confluence") : (desk, "trello");
            Expect(await _mediator.Send(new GiveGroupAccess(_org, group, site, app, AppRole.User, ByNora)));
            if (i < 3) Expect(await _mediator.Send(new GiveGroupAccess(_org, group, site, "jira", AppRole.User, ByNora)));
            var people = await NorthwindDays.Addresses(Database, Main, department, []);
            Expect(await _mediator.Send(new InviteUsers(site, [.. people.Take(70)], none, [group], null, ByNora)));
        }
        clock.GoTo(120);
        Expect(await _mediator.Send(new InviteUsers(desk, [.. (await Addresses(Partner)).Take(38), "paul@partner.example"], user, [],
            "For the rollout in the stores.", BySamir)));
        clock.GoTo(45);
        Expect(await _mediator.Send(new AppointSiteAdmin(desk, null, "otto@northwind.example", ByNora)));
        clock.GoTo(2);
        Expect(await _mediator.Send(new InviteUsers(desk, ["lea.winter@mail.example", "jonah.reyes@mail.example", "tove@mail.example"],
            user, [], null, BySamir)));
    }

    /// <summary>What programs and providers have to do with it.</summary>
    async Task Connect()
    {
        clock.GoTo(190);
        var directory = Expect(await _mediator.Send(new CreateIdentityDirectory(_org, Nora, "Entra ID", ByNora))).Directory;
        var grant = new ProvisioningGrant(directory.Id, _org, directory.Name);
        var provider = grant.Origin("192.0.2.80", null);
        foreach (var (email, day) in (await Addresses(Main)).Skip(220).Take(16).Zip(Enumerable.Range(0, 16)))
        {
            clock.GoTo(185 - day * 6);
            var known = await _mediator.Send(new FindAccount(EmailAddress.Trusted(email)));
            Expect(await _mediator.Send(new CreateScimUser(grant, ScimUser(email, known!.Name), new(null, null), provider)));
        }
        clock.GoTo(1.2);
        foreach (var (email, why) in new[]
        {
            ("temp.worker@elsewhere.example", "elsewhere.example is not a verified domain of the organization."),
            ("kiosk@northwind.test", "northwind.test is not a verified domain of the organization."),
        })
        {
            clock.GoTo(1.1);
            var refused = await _mediator.Send(new CreateScimUser(grant, ScimUser(email, email.Split('@')[0]), new(null, null), provider));
            await _mediator.Send(new NoteProvisioning(directory.Id,
                new OddRequest("POST", "/Users", 403, refused.Refusal?.Sentence ?? why, null)));
        }
        clock.GoTo(100);
        Expect(await _mediator.Send(new CreateWebhook(_org, Nora, "https://siem.northwind.example/events", ByNora)));
        clock.GoTo(86);
        Expect(await _mediator.Send(new CreateApiKey(_org, Nora, "Nightly export", ["accounts:read"], 90, ByNora)));
        clock.GoTo(40);
        Expect(await _mediator.Send(new CreateApiKey(_org, _named["samir@northwind.example"], "Onboarding", ["users:read", "users:manage"],
            365, BySamir)));
        for (var i = 0; i < 10; i++)
        {
            clock.GoTo(30 - i);
            using var picture = new MemoryStream(DemoPicture.Of(i));
            var who = i < 5 ? _named.Values.ElementAt(i) : await Account((await Addresses(Main))[i]);
            Expect(await _mediator.Send(new UploadPicture(who, null, picture, new(who.Value, "web"))));
        }
    }

    static JsonElement ScimUser(string email, string name) => JsonSerializer.SerializeToElement(new
    {
        schemas = (string[])["urn:ietf:params:scim:schemas:core:2.0:User"],
        userName = email,
        externalId = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(email)))[..12],
        active = true,
        displayName = name,
        emails = new[] { new { value = email, primary = true } },
    });

    async Task Verify(string domain)
    {
        var id = Expect(await _mediator.Send(new AddDomain(_org, domain, ByNora)));
        var view = Expect(await _mediator.Send(new ReadDomain(_org, id)));
        Expect(await _mediator.Send(new AddDemoRecord(view.DnsName, "TXT", view.DnsValue)));
        Expect(await _mediator.Send(new VerifyDomain(_org, id, ProofMethod.Dns, ByNora)));
    }

    async Task Claim(double daysAgo, DomainId domain, IEnumerable<string> addresses)
    {
        clock.GoTo(daysAgo);
        var list = AddressInput.Of(string.Join('\n', addresses));
        var draft = Expect(await _mediator.Send(new BeginClaim(_org, domain, list, ByNora)));
        Expect(await _mediator.Send(new ChooseNewAccounts(_org, draft, Automatic: false)));
        await Run(draft, null);
    }

    async Task Run(BulkDraftId draft, string? reason)
    {
        var job = Expect(await _mediator.Send(new ConfirmBulk(_org, draft, reason, null, Notify: false, Acknowledged: true, null, ByNora)));
        await _mediator.Send(new WalkJob(job));
    }

    async Task<DomainId> Domain(string name) => (await _mediator.Send(new ReadDomains(_org))).Single(d => d.Name == name).Id;

    /// <summary>Of whoever may act and is nobody by name, in the order of their making.</summary>
    async Task<IReadOnlyList<string>> Addresses(string domain) =>
        await NorthwindDays.Addresses(Database, domain, null, Named.Select(n => n.Email));

    async Task<AccountId> Account(string email) => (await _mediator.Send(new FindAccount(EmailAddress.Trusted(email))))!.Id;

    /// <summary>Nobody has the app that it belongs to: who has a second step here can be reset by an admin.</summary>
    string SealedSecret() => Convert.ToBase64String(services.GetRequiredService<IDataProtectionProvider>()
        .CreateProtector("two-step secret").Protect(RandomNumberGenerator.GetBytes(20)));

    static T Expect<T>(Outcome<T> outcome) where T : notnull =>
        outcome.Granted
            ? outcome.Value
            : throw new InvalidOperationException($"The demo's Northwind could not be made: {outcome.Refusal.Sentence}");
}
