using System.Net;
using System.Net.Http.Headers;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Where the gate may answer from what it knew a moment ago, and where it must not (SPEC A9): the doings here come from another
/// node, so that nobody tells this one.</summary>
[Trait("Rule", "A9")]
[Collection(Alone.Name)]
public sealed class LookAMomentLater : OnInstallation
{
    const string Password = "correct horse";

    WholeSite _site = null!;
    SiteVisitor _liam = null!;
    OrganizationId _acme;
    AccountId _ada, _liamsId;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await WholeSite.On(Here);
        await Here.StartBackground();
        _acme = await Here.Organization("acme");
        _ada = await Here.Admin(_acme, "ada@acme.example");
        _liamsId = await Here.Account("liam@acme.example", "Liam", managedBy: _acme);
        await Here.Grant(new GivePassword([_liamsId, _ada], Password));
        _liam = _site.Somebody();
        await _liam.SignIn("liam@acme.example", Password);
    }

    public override async Task DisposeAsync()
    {
        _liam.Dispose();
        await _site.DisposeAsync();
        await base.DisposeAsync();
    }

    async Task<HttpStatusCode> Looks(string path)
    {
        using var answer = await _liam.Get(path);
        return answer.StatusCode;
    }

    [Fact]
    public async Task A_role_that_was_given_just_now_counts_at_once()
    {
        var members = $"/o/{_acme}/members";
        (await Looks("/account")).ShouldBe(HttpStatusCode.OK);
        (await Looks(members)).ShouldBe(HttpStatusCode.NotFound);
        await Here.Grant(new AppointOrganizationAdmin(_liamsId, _acme, By(_ada)));
        (await Looks(members)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_changes_something_is_decided_on_the_rows()
    {
        // Again and again, so that the change finds a fresh yes.
        for (var round = 0; round < 5; round++)
        {
            using var liam = _site.Somebody();
            await liam.SignIn("liam@acme.example", Password);
            var token = await liam.Token("/account/api-tokens");
            (await liam.Get("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
            await Here.Grant(new DeactivateAccount(_liamsId, _acme, null, null, false, By(_ada)));
            using (var made = await liam.Send("/account/api-tokens", token, ("Input.Label", "too late"), ("Input.Days", "9")))
                made.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            await Here.Grant(new ReactivateAccount(_liamsId, _acme, By(_ada)));
        }
        (await Here.Scalar<long>("select count(*) from security.api_token")).ShouldBe(0);
    }

    [Fact, Trait("Rule", "S7")]
    public async Task Pages_that_ask_for_the_password_again_look_at_the_rows()
    {
        await Here.Grant(new AppointOrganizationAdmin(_liamsId, _acme, By(_ada)));
        var appoint = $"/o/{_acme}/admins/appoint";
        (await Looks("/account")).ShouldBe(HttpStatusCode.OK);
        await Here.Scalar<int>("update security.session set proved_at = proved_at - interval '1 hour'");
        (await Looks(appoint)).ShouldBe(HttpStatusCode.Redirect);
        await Here.Scalar<int>("update security.session set proved_at = now()");
        (await Looks(appoint)).ShouldBe(HttpStatusCode.OK, "shown at another node a moment ago");
    }

    [Fact]
    public async Task What_was_done_here_is_seen_here_at_once()
    {
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        (await Looks("/account")).ShouldBe(HttpStatusCode.OK);
        using (var done = await ada.Post($"/o/{_acme}/members/{_liamsId}/deactivate")) done.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Looks("/account")).ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact, Trait("Rule", "S4")]
    public async Task A_token_that_is_used_all_the_time_is_noted_once_a_minute()
    {
        var secret = (await Here.Grant(new CreateApiToken(_liamsId, "Backup", 90, By(_liamsId)))).Secret;
        async Task<DateTime?> Used()
        {
            for (var i = 0; i < 20; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get,
                    "/api/me")
                { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", secret) } };
                using var answer = await _liam.Client.SendAsync(request);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            }
            return await Here.Scalar<DateTime?>("select last_used_at from security.api_token");
        }
        var first = await Used();
        first.ShouldNotBeNull();
        (await Used()).ShouldBe(first);
        Here.Clock.Pass(TimeSpan.FromSeconds(61));
        (await Used()).ShouldNotBe(first);
    }
}
