using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Keys;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>An organization's keys for programs, their making and their end (SPEC P1).</summary>
[Trait("Rule", "P1")]
public sealed class ApiKeysTests : OnInstallation
{
    OrganizationId _acme;
    AccountId _ada, _second;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _acme = await Here.Organization("acme");
        (_ada, _second) = (await Here.Admin(_acme, "ada@acme.example"), await Here.Admin(_acme, "second@acme.example"));
    }

    Task<Visitor?> Who(string secret) => Here.Send(new AuthenticateApiKey(secret));

    Task<NewApiKey> Create(string name = "Nightly", int days = 7, AccountId? by = null, params string[] scopes) =>
        Here.Grant(new CreateApiKey(_acme, by ?? _ada, name, scopes.Length == 0 ? ["accounts:manage"] : scopes, days, By(by ?? _ada)));

    Task Warn() => Here.Services.GetServices<IRecurring>().OfType<WarnOfExpiry>().Single().Run(CancellationToken.None);

    [Fact]
    public async Task A_key_acts_for_its_admin_in_its_organization_alone_is_stored_hashed_and_mailed()
    {
        var other = await Here.Organization("globex");
        await Here.Grant(new AppointOrganizationAdmin(_ada, other, TestInstallation.Console));
        var key = await Create(" Nightly ", scopes: ["jobs:read", "accounts:manage", "jobs:read"]);
        key.Secret.ShouldStartWith("dpk_");
        key.Secret.Length.ShouldBe(TokenText.Length);
        key.ToString().ShouldNotContain(key.Secret);
        var visitor = (await Who(key.Secret))!;
        (visitor.Account, visitor.Means).ShouldBe((_ada, $"api key {key.Key.Id}"));
        visitor.AdminOf.ShouldBe([_acme], "whatever else the admin administers");
        visitor.Key!.Scopes.ShouldBe([ApiScope.AccountsManage, ApiScope.JobsRead]);
        (await Here.Send(new AuthenticateBearer(key.Secret))).ShouldBeNull("it is no API token");
        (await Here.Send(new AuthenticateSession(key.Secret))).ShouldBeNull("it is no cookie");
        foreach (var table in await Here.Rows<string>(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
            (await Here.Scalar<bool>($"select exists (select from {table} t where position(@secret in t::text) > 0)",
                new { secret = key.Secret[4..] })).ShouldBeFalse(table);
        (await Here.Rows<string>(
            "select concat_ws(' ', recipient, letter->>'key', letter->>'scopes') from kernel.mail where template = 'api-key-created'"))
            .ShouldBe(["ada@acme.example Nightly accounts:manage, jobs:read"]);
        (await Here.Rows<string>("select after->>'scopes' from kernel.audit_entry where action = 'ApiKeyCreated'"))
            .ShouldBe(["accounts:manage jobs:read"]);
        (await Here.Send(new ReadApiKeys(other))).ShouldBeEmpty();
        (await Here.Send(new ReadApiKeys(_acme))).Single()
            .ShouldSatisfyAllConditions(k => k.Name.ShouldBe("Nightly"), k => k.LastUsedAt.ShouldNotBeNull(), k => k.Stopped.ShouldBeNull(),
                k => k.ActsFor.ShouldBe(_ada));
        Here.Clock.Pass(TimeSpan.FromDays(7));
        (await Who(key.Secret)).ShouldBeNull();
        (await Here.Send(new ReadApiKeys(_acme))).Single().Stopped.ShouldBeOfType<ApiKeyExpired>();
    }

    [Fact]
    public async Task What_cannot_be_is_refused_beside_its_field()
    {
        async Task Invalid(string field, string? name = "Nightly", string[]? scopes = null, int? days = 7) =>
            (await Here.Refuse(new CreateApiKey(_acme, _ada, name, scopes ?? ["jobs:read"], days, By(_ada))))
                .ShouldBeOfType<InvalidValue>().Field.ShouldBe(field);
        new CreateApiKey(_acme, _ada, " ", [], 0, By(_ada)).Faults.Select(f => ((InvalidValue)f).Field)
            .ShouldBe(["name", "scopes", "days"], "a form says all of it at once");
        await Invalid("name", null);
        await Invalid("name", new string('x', 101));
        await Invalid("name", "a\u202Eb");
        await Invalid("scopes", scopes: []);
        await Invalid("scopes", scopes: ["jobs:read", "everything"]);
        await Invalid("days", days: null);
        await Invalid("days", days: 0);
        await Invalid("days", days: 366);
        var liam = await Here.Account("liam@acme.example");
        (await Here.Refuse(new CreateApiKey(_acme, liam, "x", ["jobs:read"], 7, By(liam)))).ShouldBeOfType<NotFound>("only admins");
        await Here.Rows<int>(
            "insert into security.api_key (id, organization_id, account_id, token_hash, name, scopes, created_at, expires_at) select "
            + "gen_random_uuid(), @organization, @account, decode(md5(n::text), 'hex'), 'x', '{}', now(), now() + interval '1 day' "
            + "from generate_series(1, 100) n returning 1",
            new { organization = _acme.Value, account = _ada.Value });
        (await Here.Refuse(new CreateApiKey(_acme, _ada, "x", ["jobs:read"], 7, By(_ada)))).ShouldBeOfType<TooManyApiKeys>();
    }

    [Fact]
    public async Task Revoked_is_at_once_and_for_good_and_another_organizations_key_is_none()
    {
        var key = await Create();
        var globex = await Here.Organization("globex");
        (await Here.Refuse(new RevokeApiKey(globex, key.Key.Id, TestInstallation.Console)))
            .ShouldBe(await Here.Refuse(new RevokeApiKey(globex, Guid.NewGuid(), TestInstallation.Console)));
        (await Who(key.Secret)).ShouldNotBeNull();
        await Here.Grant(new RevokeApiKey(_acme, key.Key.Id, By(_second)));
        (await Who(key.Secret)).ShouldBeNull();
        (await Here.Refuse(new RevokeApiKey(_acme, key.Key.Id, By(_second)))).ShouldBeOfType<NoSuchApiKey>();
        (await Here.Refuse(new TakeOverApiKey(_acme, key.Key.Id, _second, By(_second)))).ShouldBeOfType<NoSuchApiKey>();
        (await Here.Send(new ReadApiKeys(_acme))).ShouldBeEmpty();
        (await Here.Rows<Guid>("select actor_id from kernel.audit_entry where action = 'ApiKeyRevoked'")).ShouldBe([_second.Value]);
    }

    [Theory]
    [InlineData("dismissed")]
    [InlineData("deactivated")]
    [InlineData("being deleted")]
    public async Task A_key_stops_with_its_admin_and_goes_on_when_another_takes_it_over(string how)
    {
        var key = await Create();
        (await Who(key.Secret)).ShouldNotBeNull();
        await Here.VerifiedDomain(_acme, "acme.example");
        await Here.Grant(new ClaimAccount(_ada, _acme, "acme.example", true, TestInstallation.Console));
        await (how switch
        {
            "dismissed" => Here.Grant(new DismissOrganizationAdmin(_ada, _acme, By(_second))),
            "deactivated" => Here.Grant(new DeactivateAccount(_ada, _acme, null, null, false, By(_second))),
            _ => Here.Grant(new ScheduleDeletion(_ada, _acme, By(_second))),
        });
        (await Who(key.Secret)).ShouldBeNull();
        (await Here.Send(new ReadApiKeys(_acme))).Single().Stopped.ShouldBeOfType<ApiKeyAdminGone>();
        (await Here.Refuse(new TakeOverApiKey(_acme, key.Key.Id, _ada, By(_ada)))).ShouldBeOfType<NotFound>();
        await Here.Grant(new TakeOverApiKey(_acme, key.Key.Id, _second, By(_second)));
        (await Who(key.Secret))!.Account.ShouldBe(_second);
        (await Here.Refuse(new TakeOverApiKey(_acme, key.Key.Id, _second, By(_second)))).ShouldBeOfType<ApiKeyIsYours>();
        (await Here.Send(new ReadApiKeys(_acme))).Single()
            .ShouldSatisfyAllConditions(k => k.Stopped.ShouldBeNull(), k => k.ActsFor.ShouldBe(_second));
    }

    [Fact]
    public async Task Using_a_key_writes_once_a_minute_at_most()
    {
        var key = await Create();
        var writes = new HashSet<string?>();
        for (var i = 0; i < 5; i++)
        {
            await Who(key.Secret);
            writes.Add(await Here.Scalar<string>("select xmin::text || last_used_at from security.api_key"));
        }
        writes.Count.ShouldBe(1);
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Who(key.Secret);
        writes.Add(await Here.Scalar<string>("select xmin::text || last_used_at from security.api_key")).ShouldBeTrue();
    }

    [Fact]
    public async Task One_mail_comes_before_the_end_to_whoever_the_key_acts_for()
    {
        var (year, week) = (await Create("Year", 365), await Create("Week", 7, _second));
        Task<IReadOnlyList<string>> Warned() =>
            Here.Rows<string>("select recipient || ' ' || (letter->>'key') from kernel.mail where template = 'api-key-expires' order by 1");
        await Warn();
        (await Warned()).ShouldBeEmpty();
        Here.Clock.Pass(TimeSpan.FromDays(5.5));
        await Warn();
        await Warn();
        (await Warned()).ShouldBe(["second@acme.example Week"]);
        Here.Clock.Pass(TimeSpan.FromDays(351));
        await Warn();
        (await Warned()).Count.ShouldBe(1, "eight days are left");
        Here.Clock.Pass(TimeSpan.FromDays(2));
        await Here.Grant(new TakeOverApiKey(_acme, year.Key.Id, _second, By(_second)));
        await Warn();
        await Warn();
        (await Warned()).ShouldBe(["second@acme.example Week", "second@acme.example Year"]);
        week.Key.Name.ShouldBe("Week");
    }

    [Fact, Trait("Rule", "A9")]
    public async Task Another_node_stops_letting_the_key_in_within_a_second()
    {
        var key = await Create();
        await using var node = Here.AnotherNode();
        (await node.Send(new AuthenticateApiKey(key.Secret, MayBeKnown: true))).ShouldNotBeNull();
        await Here.Grant(new RevokeApiKey(_acme, key.Key.Id, By(_ada)));
        (await node.Send(new AuthenticateApiKey(key.Secret))).ShouldBeNull("whoever changes something is read");
        await Here.Until(async () => await node.Send(new AuthenticateApiKey(key.Secret, MayBeKnown: true)) is null,
            TimeSpan.FromSeconds(1),
            "the key lives on");
    }
}
