using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Sessions;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>What is long dead is removed; what anybody still sees or needs stays (SPEC S3, S4).</summary>
[Trait("Rule", "S3"), Trait("Rule", "S4")]
public sealed class ForgetOldCredentials : OnInstallation
{
    const string Email = "nora@mail.example", Password = "violet lantern orbit";

    AccountId _nora;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _nora = await Here.Account(Email, "Nora");
        await Here.Grant(new GivePassword([_nora], Password));
    }

    Task Run() => Here.Services.GetServices<IRecurring>().OfType<OldCredentials>().Single().Run(CancellationToken.None);

    Task<long> Count(string table) => Here.Scalar<long>($"select count(*) from security.{table}")!;

    async Task<string> SignIn(string means = "web") =>
        (await Here.Grant(new SignIn(Email, Password, means == "mobile" ? "Phone" : "Firefox", new(null, means)))).Token;

    [Fact]
    public async Task A_session_goes_ninety_days_after_its_last_click_however_it_ended()
    {
        var (_, signedOut) = (await SignIn(), await SignIn());
        await Here.Grant(new SignOut(signedOut, TestInstallation.Console));
        Here.Clock.Pass(TimeSpan.FromDays(89));
        var living = await SignIn();
        await Run();
        (await Count("session")).ShouldBe(3);
        Here.Clock.Pass(TimeSpan.FromDays(1.1));
        await Run();
        (await Count("session")).ShouldBe(1);
        (await Here.Send(new AuthenticateSession(living))).ShouldNotBeNull();
        (await Here.Grant(new ReadDevices(_nora, null))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task No_living_session_is_old_enough_whatever_a_policy_grants()
    {
        // The longest that S5 allows, and apps without a policy.
        OldCredentials.Sessions.ShouldBeGreaterThan(TimeSpan.FromDays(30));
        await SignIn();
        await Here.Scalar<int>("update security.session set idle = '1 year', ends_at = ends_at + interval '1 year'");
        Here.Clock.Pass(TimeSpan.FromDays(100));
        await Run();
        (await Count("session")).ShouldBe(1, "a session that lives is never removed");
    }

    [Fact]
    public async Task A_used_refresh_token_goes_after_a_month_and_is_refused_then_as_an_unknown_one()
    {
        var first = await SignIn("mobile");
        var second = await Here.Grant(new RefreshSession(first, TestInstallation.Console));
        Here.Clock.Pass(TimeSpan.FromDays(29));
        second = await Here.Grant(new RefreshSession(second.RefreshToken, TestInstallation.Console));
        await Run();
        (await Count("refresh_token")).ShouldBe(3);
        Here.Clock.Pass(TimeSpan.FromDays(2));
        await Run();
        (await Count("refresh_token")).ShouldBe(2);
        (await Here.Refuse(new RefreshSession(first, TestInstallation.Console))).ShouldBeOfType<RefreshTokenVoid>();
        (await Here.Send(new RefreshSession(second.RefreshToken, TestInstallation.Console))).Granted.ShouldBeTrue("the session goes on");
    }

    [Fact]
    public async Task Reset_links_and_api_tokens_go_when_nobody_is_shown_them_any_more()
    {
        await Here.StartBackground();
        await Here.Grant(new RequestPasswordReset(Email, TestInstallation.Console));
        await Here.Until(async () => await Count("password_reset") == 1);
        var revoked = await Here.Grant(new CreateApiToken(_nora, "Revoked", 365, By(_nora)));
        await Here.Grant(new CreateApiToken(_nora, "Short", 1, By(_nora)));
        await Here.Grant(new CreateApiToken(_nora, "Long", 365, By(_nora)));
        await Here.Grant(new RevokeApiToken(_nora, revoked.Token.Id, null, By(_nora)));
        await Run();
        (await Count("password_reset"), await Count("api_token")).ShouldBe((1, 3));
        Here.Clock.Pass(TimeSpan.FromDays(8));
        await Run();
        (await Count("password_reset"), await Count("api_token")).ShouldBe((0, 3));
        Here.Clock.Pass(TimeSpan.FromDays(84));
        await Run();
        (await Here.Rows<string>("select label from security.api_token")).ShouldBe(["Long"]);
    }

    [Fact]
    public async Task One_run_removes_a_bounded_number_and_the_next_the_rest()
    {
        const int most = OldCredentials.AtOnce * OldCredentials.StatementsPerRun;
        await Here.Scalar<int>("""
            insert into security.session (id, token_hash, account_id, kind, device, created_at, last_active_at, idle, ends_at, proved_at)
            select gen_random_uuid(), decode(md5(n::text), 'hex'), @id, 'browser', 'x', now() - interval '1 year', now() - interval
              '200 days', '7 days', now() - interval '1 day', now() from generate_series(1, @count) n
            """, new { id = _nora.Value, count = most + 10 });
        await Run();
        (await Count("session")).ShouldBe(10);
        await Run();
        (await Count("session")).ShouldBe(0);
    }
}
