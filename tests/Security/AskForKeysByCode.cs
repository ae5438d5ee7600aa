using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>A program asks for a key by a code that an admin confirms (SPEC P9).</summary>
[Trait("Rule", "P9")]
public sealed class AskForKeysByCode : OnInstallation
{
    OrganizationId _acme, _globex;
    AccountId _ada, _gus;

    static readonly Origin Nobody = new(null, "device code", "192.0.2.7", "r");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (_acme, _globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        (_ada, _gus) = (await Here.Admin(_acme, "ada@acme.example"), await Here.Admin(_globex, "gus@globex.example"));
    }

    Task<DeviceCode> Ask(params string[] scopes) =>
        Here.Grant(new AskForDeviceCode("directory on laptop", scopes.Length == 0 ? ["accounts:manage", "jobs:read"] : scopes, Nobody));

    AnswerDeviceRequest Answer(DeviceCode code, params string[]? scopes) => new(code.UserCode, _acme, _ada, scopes, By(_ada));

    async Task<Outcome<DeviceKey>> Fetch(DeviceCode code)
    {
        Here.Clock.Pass(AskForDeviceCode.Interval);
        return await Here.Send(new FetchDeviceKey(code.Secret, Nobody));
    }

    [Fact]
    public async Task What_an_admin_grants_becomes_a_key_for_a_day_once()
    {
        var code = await Ask();
        (await Fetch(code)).Refusal.ShouldBeOfType<AuthorizationPending>();
        var request = await Here.Grant(new ReadDeviceRequest(code.UserCode.ToLowerInvariant(), _ada, By(_ada)));
        (request.Program, request.Address).ShouldBe(("directory on laptop", "192.0.2.7"));
        request.Scopes.ShouldBe([ApiScope.AccountsManage, ApiScope.JobsRead]);
        (await Here.Scalar<long>("select count(*) from security.api_key")).ShouldBe(0, "looking gives nothing");
        await Here.Grant(Answer(code, "jobs:read"));
        (await Here.Refuse(Answer(code, "jobs:read"))).ShouldBeOfType<UserCodeUnknown>("it is answered once");
        var key = (await Fetch(code)).Value;
        key.Organization.ShouldBe(_acme);
        key.ToString().ShouldNotContain(key.Key.Secret);
        (key.Key.Key.Name, key.Key.Key.ExpiresAt - key.Key.Key.CreatedAt).ShouldBe(("directory on laptop", TimeSpan.FromDays(1)));
        var visitor = (await Here.Send(new AuthenticateApiKey(key.Key.Secret)))!;
        (visitor.Account, visitor.Key!.Scopes.Single()).ShouldBe((_ada, ApiScope.JobsRead));
        (await Fetch(code)).Refusal.ShouldBeOfType<DeviceCodeVoid>("it is fetched once");
        (await Here.Send(new AuthenticateApiKey(code.Secret))).ShouldBeNull("the code is no key");
        (await Here.Rows<string>("""
            select action || ' ' || coalesce(actor_id::text, '-') from kernel.audit_entry
              where action like 'Device%' or action like 'ApiKey%' order by at, id
            """)).ShouldBe([$"DeviceCodeConfirmed {_ada}", $"ApiKeyCreated {_ada}"]);
        (await Here.Rows<string>("select template from kernel.mail where recipient = 'ada@acme.example'")).ShouldContain("api-key-created");
        foreach (var secret in (string[])[code.Secret, code.UserCode, code.UserCode.Replace("-", ""), key.Key.Secret])
            (await Here.Scalar<bool>("select exists (select from security.device_code t where position(@secret in t::text) > 0)",
                new { secret })).ShouldBeFalse("only hashes are kept");
    }

    [Fact]
    public async Task A_refused_or_late_code_gives_nothing_and_nothing_is_granted_that_was_not_asked()
    {
        var refused = await Ask();
        await Here.Grant(Answer(refused, null));
        (await Fetch(refused)).Refusal.ShouldBeOfType<DeviceRequestRefused>();
        (await Fetch(refused)).Refusal.ShouldBeOfType<DeviceRequestRefused>();

        var code = await Ask();
        (await Here.Refuse(Answer(code, "keys:manage"))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("scopes");
        (await Here.Refuse(Answer(code, []))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("scopes");
        (await Here.Refuse(new AnswerDeviceRequest(code.UserCode, _globex, _ada, ["jobs:read"], By(_ada)))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new AnswerDeviceRequest(code.UserCode, _acme, await Here.Account("liam@acme.example"), ["jobs:read"], By(_ada))))
            .ShouldBeOfType<NotFound>("only admins");
        Here.Clock.Pass(AskForDeviceCode.GoodFor);
        (await Here.Refuse(Answer(code, "jobs:read"))).ShouldBeOfType<UserCodeUnknown>();
        (await Fetch(code)).Refusal.ShouldBeOfType<DeviceCodeVoid>();

        var late = await Ask();
        await Here.Grant(Answer(late, "jobs:read"));
        Here.Clock.Pass(AskForDeviceCode.GoodFor);
        (await Fetch(late)).Refusal.ShouldBeOfType<DeviceCodeVoid>();
        (await Here.Scalar<long>("select count(*) from security.api_key")).ShouldBe(0);
        (await Here.Refuse(new FetchDeviceKey("dpd_" + new string('x', 49), Nobody))).ShouldBeOfType<DeviceCodeVoid>();
        (await Here.Refuse(new FetchDeviceKey(null, Nobody))).ShouldBeOfType<DeviceCodeVoid>();
    }

    [Fact]
    public async Task Two_who_fetch_at_once_get_one_key()
    {
        var code = await Ask();
        await Here.Grant(Answer(code, "jobs:read"));
        Here.Clock.Pass(AskForDeviceCode.Interval);
        await using var other = Here.AnotherNode();
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            (i % 2 == 0 ? Here : other).Send(new FetchDeviceKey(code.Secret, Nobody))));
        both.Count(b => b.Granted).ShouldBe(1);
        both.Where(b => !b.Granted).ShouldAllBe(b => b.Refusal is DeviceCodeVoid || b.Refusal is PollingTooFast);
        (await Here.Scalar<long>("select count(*) from security.api_key")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_is_no_admin_any_more_has_granted_nothing()
    {
        var second = await Here.Admin(_acme, "second@acme.example");
        var code = await Ask();
        await Here.Grant(new AnswerDeviceRequest(code.UserCode, _acme, second, ["jobs:read"], By(second)));
        await Here.Grant(new DismissOrganizationAdmin(second, _acme, By(_ada)));
        (await Fetch(code)).Refusal.ShouldBeOfType<ApiKeyAdminGone>();
        (await Here.Scalar<long>("select count(*) from security.api_key")).ShouldBe(0);
    }

    [Fact]
    public async Task A_program_that_asks_too_often_is_slowed_down_and_guesses_are_counted()
    {
        var code = await Ask();
        Here.Clock.Stand();
        (await Fetch(code)).Refusal.ShouldBeOfType<AuthorizationPending>();
        const string version = "select xmin::text from security.device_code";
        var before = await Here.Scalar<string>(version);
        (await Here.Refuse(new FetchDeviceKey(code.Secret, Nobody))).ShouldBeOfType<PollingTooFast>();
        (await Here.Scalar<string>(version)).ShouldBe(before, "it writes nothing");
        (await Fetch(code)).Refusal.ShouldBeOfType<AuthorizationPending>();
        foreach (var typed in (string?[])[null, "", "AAAA-AAAA", "BCDF", new string('B', 9), new string('B', 10_000), "BCDF-GHJK"])
            (await Here.Refuse(new ReadDeviceRequest(typed, _ada, By(_ada)))).ShouldBeOfType<UserCodeUnknown>($"{typed?.Length}");
        // Counted exactly, however late a grain answers on a busy machine.
        await using var real = await TestInstallation.Fresh(nameof(AskForKeysByCode), services =>
            services.AddSingleton(new DoorSettings { Patience = TimeSpan.FromMinutes(1) }));
        var atOnce = Doors.UserCode.Target!.Value.AtOnce;
        var acme = await real.Organization("acme");
        var ada = await real.Admin(acme, "ada@acme.example");
        real.Clock.Stand();
        var reader = new AccountId(Guid.CreateVersion7());
        for (var i = 0; i < atOnce; i++)
        {
            (await real.Refuse(new ReadDeviceRequest("BCDF-GHJK", reader, By(reader)))).ShouldBeOfType<UserCodeUnknown>();
            (await real.Refuse(new AnswerDeviceRequest("BCDF-GHJK", acme, ada, null, By(ada)))).ShouldBeOfType<UserCodeUnknown>();
        }
        (await real.Refuse(new ReadDeviceRequest("BCDF-GHJK", reader, By(reader)))).ShouldBeOfType<TooManyRequests>();
        (await real.Refuse(new AnswerDeviceRequest("BCDF-GHJK", acme, ada, null, By(ada)))).ShouldBeOfType<TooManyRequests>();
        (await real.Refuse(new ReadDeviceRequest("BCDF-GHJK", ada, By(ada)))).ShouldBeOfType<TooManyRequests>("it is one door");
    }

    [Fact]
    public async Task What_a_program_says_of_itself_is_read_with_care()
    {
        async Task Invalid(string field, string? program, params string[]? scopes) =>
            (await Here.Refuse(new AskForDeviceCode(program, scopes, Nobody))).ShouldBeOfType<InvalidValue>().Field.ShouldBe(field);
        await Invalid("program", null, "jobs:read");
        await Invalid("program", new string('x', 101), "jobs:read");
        await Invalid("program", "a\u202Eb", "jobs:read");
        await Invalid("scopes", "directory", null);
        await Invalid("scopes", "directory", []);
        await Invalid("scopes", "directory", "jobs:read", "everything");
        await Invalid("scopes", "directory", "organization:read");
        (await Here.Scalar<long>("select count(*) from security.device_code")).ShouldBe(0);
    }
}
