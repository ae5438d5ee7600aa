using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Sessions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Where one is signed in, for how long, and who ends it (SPEC S3, S6, M6).</summary>
[Trait("Rule", "S3")]
public sealed class DevicesTests : OnInstallation
{
    const string Password = "correct horse";
    const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0";
    const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    async Task<AccountId> Person(string email, OrganizationId? managedBy = null)
    {
        var id = await Here.Account(email, "Liam", managedBy: managedBy);
        await Here.Grant(new GivePassword([id], Password));
        return id;
    }

    async Task<string> SignIn(string email, string agent = Firefox, string means = "web") =>
        (await Here.Grant(new SignIn(email, Password, agent, new(null, means, "192.0.2.7")))).Token;

    Task<Visitor?> Who(string token) => Here.Send(new AuthenticateSession(token));

    async Task<IReadOnlyList<DeviceView>> Devices(AccountId of, OrganizationId? by = null) => await Here.Grant(new ReadDevices(of, by));

    [Fact, Trait("Rule", "L1")]
    public async Task What_managed_people_do_with_their_own_access_stands_in_their_organizations_log_and_what_others_do_in_none()
    {
        var acme = await Here.Organization("acme");
        foreach (var manager in (OrganizationId?[])[acme, null])
        {
            var email = manager is null ? "nora@mail.example" : "liam@acme.example";
            var person = await Person(email, manager);
            var (one, two) = (await SignIn(email), await SignIn(email, Chrome));
            await Here.Grant(new LogOutDevice(person, (await Who(one))!.Session, null, By(person)));
            var token = (await Here.Grant(new CreateApiToken(person, "Backup", 30, By(person)))).Token;
            await Here.Grant(new RevokeApiToken(person, token.Id, null, By(person)));
            await Here.Grant(new SignOut(two, By(person)));
            (await Here.Rows<(string, Guid?)>("""
                select action, organization_id from kernel.audit_entry where subject_id = @id
                  and action not in ('AccountSignedUp', 'AccountClaimed') order by xid, id
                """, new { id = person.Value }))
                    .ShouldBe(((string[])["SignedIn", "SignedIn", "DeviceLoggedOut", "ApiTokenCreated", "ApiTokenRevoked", "SignedOut"])
                        .Select(a => (a, manager?.Value)));
        }
    }

    [Fact]
    public async Task A_device_stands_in_the_list_in_words_and_leaves_it_when_it_is_logged_out()
    {
        var liam = await Person("liam@acme.example");
        var (one, two) = (await SignIn("liam@acme.example"), await SignIn("liam@acme.example", Chrome));
        (await Devices(liam)).Select(d => (d.Name, d.Kind, d.Address))
            .ShouldBe([("Chrome on Windows", "browser", "192.0.2.7"), ("Firefox on Linux", "browser", "192.0.2.7")]);
        (await Here.Scalar<string>("select agent from security.session where device = 'Firefox on Linux'")).ShouldBe(Firefox);
        var first = (await Who(one))!.Session;
        await Here.Grant(new LogOutDevice(liam, first, null, By(liam)));
        (await Who(one)).ShouldBeNull();
        (await Who(two)).ShouldNotBeNull();
        (await Devices(liam)).Select(d => d.Name).ShouldBe(["Chrome on Windows"]);
        var other = await Person("other@acme.example");
        var foreign = (await Who(await SignIn("other@acme.example")))!.Session;
        foreach (var id in (Guid[])[first, foreign, Guid.NewGuid()])
            (await Here.Refuse(new LogOutDevice(liam, id, null, By(liam))))
                .ShouldBe(new NoSuchDevice(), "ended, foreign and unknown are answered alike");
        (await Devices(other)).Count.ShouldBe(1);
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where action = 'DeviceLoggedOut' and organization_id is null "
            + "and personal->'after'->>'device' = 'Firefox on Linux'")).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'logged-out'"))
            .ShouldBe(0, "what I do myself needs no mail");
    }

    [Fact]
    public async Task Logging_out_all_others_leaves_the_device_at_hand_and_says_how_many()
    {
        var liam = await Person("liam@acme.example");
        var tokens = new List<string>();
        foreach (var agent in (string[])[Firefox, Chrome, "curl/8"]) tokens.Add(await SignIn("liam@acme.example", agent));
        tokens.Add(await SignIn("liam@acme.example", "Liam’s phone", "mobile"));
        var here = (await Who(tokens[0]))!.Session;
        (await Here.Grant(new LogOutEverywhere(liam, here, null, By(liam)))).ShouldBe(3);
        (await Here.Grant(new LogOutEverywhere(liam, here, null, By(liam)))).ShouldBe(0);
        (await Devices(liam)).Single().Id.ShouldBe(here);
        (await Who(tokens[0])).ShouldNotBeNull();
        (await Who(tokens[1])).ShouldBeNull();
        (await Here.Send(new RefreshSession(tokens[3], new(null, "mobile")))).Granted.ShouldBeFalse();
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'LoggedOutEverywhere'")).ShouldBe(1);
    }

    [Fact, Trait("Rule", "M6"), Trait("Rule", "S8")]
    public async Task An_admin_logs_a_managed_person_out_which_is_audited_and_mailed_and_no_ban_and_reaches_nobody_else()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var (ada, liam, foreign) = (await Here.Admin(acme, "ada@acme.example"), await Person("liam@acme.example", acme),
            await Person("gus@globex.example", globex));
        var (one, two, theirs) = (await SignIn("liam@acme.example"), await SignIn("liam@acme.example", Chrome),
            await SignIn("gus@globex.example"));
        var device = (await Who(one))!.Session;
        foreach (var person in (AccountId[])[foreign, ada, new(Guid.NewGuid())])
        {
            (await Here.Refuse(new ReadDevices(person, acme))).ShouldBe(new NotFound("account"), "managed by another, by nobody, unknown");
            (await Here.Refuse(new LogOutEverywhere(person, null, acme, By(ada)))).ShouldBe(new NotFound("account"));
            (await Here.Refuse(new LogOutDevice(person, (await Who(theirs))!.Session, acme, By(ada)))).ShouldBe(new NotFound("account"));
        }
        (await Here.Refuse(new LogOutDevice(liam, (await Who(theirs))!.Session, acme, By(ada)))).ShouldBe(new NoSuchDevice());
        (await Here.Grant(new LogOutDevice(liam, device, acme, By(ada)))).Name.ShouldBe("Firefox on Linux");
        (await Who(one)).ShouldBeNull();
        (await Here.Grant(new LogOutEverywhere(liam, null, acme, By(ada)))).ShouldBe(1);
        (await Who(two)).ShouldBeNull();
        (await Who(theirs)).ShouldNotBeNull();
        (await Here.Rows<string>(
            "select letter->>'device' from kernel.mail where recipient = 'liam@acme.example' and template = 'logged-out' "
            + "order by created_at")).ShouldBe(["Firefox on Linux", "all your devices"]);
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where action in ('DeviceLoggedOut', 'LoggedOutEverywhere') and organization_id = "
            + "@acme and actor_id = @ada and subject_id = @liam",
            new { acme = acme.Value, ada = ada.Value, liam = liam.Value })).ShouldBe(2);
        (await Who(await SignIn("liam@acme.example"))).ShouldNotBeNull("it is no ban");
    }

    [Fact]
    public async Task A_sign_in_from_a_device_never_seen_is_mailed_once_and_the_very_first_is_not()
    {
        await Person("liam@acme.example");
        await SignIn("liam@acme.example");
        await SignIn("liam@acme.example", Firefox.Replace("142", "143", StringComparison.Ordinal));
        (await Here.Scalar<long>("select count(*) from kernel.mail")).ShouldBe(0);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SignIn("liam@acme.example", Chrome)));
        await SignIn("liam@acme.example", Chrome);
        (await Here.Rows<string>(
            "select letter->>'device' from kernel.mail where template = 'new-device' and recipient = 'liam@acme.example'"))
            .ShouldBe(["Chrome on Windows"]);
        await SignIn("liam@acme.example", "Liam’s phone", "mobile");
        (await Here.Scalar<string>(
            "select letter->>'device' from kernel.mail where template = 'new-device' and letter->>'device' like 'Liam%'"))
            .ShouldBe("Liam’s phone");
        await Here.Scalar<int>("update security.session set device = agent");
        await SignIn("liam@acme.example", Chrome);
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'new-device'"))
            .ShouldBe(2, "rows from before devices had names are recognised");
    }

    [Fact, Trait("Rule", "S6")]
    public async Task What_the_policy_says_at_the_sign_in_holds_idle_from_the_last_click_and_life_whatever_is_clicked()
    {
        var rules = PolicyRules.WithoutPolicy with { SessionIdle = TimeSpan.FromMinutes(15), SessionLife = TimeSpan.FromHours(1) };
        SessionLife.Of(rules, mobile: false).ShouldBe((TimeSpan.FromMinutes(15), TimeSpan.FromHours(1)));
        SessionLife.Of(rules, mobile: true).ShouldBe(SessionLife.Of(rules, mobile: false), "a policy holds for every kind");
        SessionLife.Of(PolicyRules.WithoutPolicy, mobile: false).ShouldBe((TimeSpan.FromDays(7), TimeSpan.FromDays(30)));
        SessionLife.Of(PolicyRules.WithoutPolicy, mobile: true).Idle.ShouldBe(TimeSpan.FromDays(30));

        var liam = await Person("liam@acme.example");
        var (busy, idle) = (await SignIn("liam@acme.example"), await SignIn("liam@acme.example", Chrome));
        // As such a policy would have written it.
        await Here.Scalar<int>("update security.session set idle = '15 minutes', ends_at = created_at + interval '1 hour'");
        for (var i = 0; i < 5; i++)
        {
            Here.Clock.Pass(TimeSpan.FromMinutes(11));
            (await Who(busy)).ShouldNotBeNull($"clicked at {i * 11 + 11} minutes");
        }
        (await Who(idle)).ShouldBeNull();
        (await Devices(liam)).Count.ShouldBe(1, "what is over is not in the list");
        Here.Clock.Pass(TimeSpan.FromMinutes(6));
        (await Who(busy)).ShouldBeNull("the hour is over");
    }

    [Fact]
    public async Task Of_more_devices_than_a_person_has_the_one_silent_for_longest_goes()
    {
        var liam = await Person("liam@acme.example");
        var first = await SignIn("liam@acme.example");
        await Here.Scalar<int>("""
            insert into security.session (id, token_hash, account_id, kind, device, created_at, last_active_at, ends_at, proved_at)
            select gen_random_uuid(), sha256(n::text::bytea), @liam, 'browser', 'Firefox on Linux', @now + n * interval '1 second', @now +
              n * interval '1 second', @now + interval '30 days', @now from generate_series(1, 98) n
            """, new { liam = liam.Value, now = Here.Clock.GetUtcNow().UtcDateTime });
        var last = await SignIn("liam@acme.example");
        (await Who(first)).ShouldNotBeNull("there is room for a hundred");
        Here.Clock.Pass(TimeSpan.FromMinutes(10));
        var one = await SignIn("liam@acme.example");
        (await Devices(liam)).Count.ShouldBe(SessionStore.MostDevices);
        (await Who(one)).ShouldNotBeNull();
        (await Here.Scalar<long>("select count(*) from security.session where ended_why = 'too many devices'")).ShouldBe(1);
        (await Who(first)).ShouldBeNull();
        (await Who(last)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Signing_out_is_in_the_history_and_a_token_of_one_kind_opens_no_other()
    {
        var liam = await Person("liam@acme.example");
        var token = await SignIn("liam@acme.example");
        (await Here.Send(new AuthenticateBearer(token))).ShouldBeNull();
        var mobile = await Here.Grant(new RefreshSession(await SignIn("liam@acme.example", "phone", "mobile"), new(null, "mobile")));
        foreach (var secret in (string[])[mobile.AccessToken, mobile.RefreshToken]) (await Who(secret)).ShouldBeNull();
        (await Here.Send(new AuthenticateBearer(mobile.RefreshToken))).ShouldBeNull();
        (await Here.Send(new AuthenticateBearer(mobile.AccessToken)))!.Means.ShouldBe("mobile");
        await Here.Grant(new SignOut(token, new(null, "web")));
        await Here.Grant(new SignOut(token, new(null, "web")));
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'SignedOut' and subject_id = @liam",
            new { liam = liam.Value })).ShouldBe(1);
    }
}
