using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>A mobile app answers what a sign-in asks for besides the password (SPEC S1, S2, M7),
/// and is answered in JSON whatever it asks.</summary>
[Trait("Rule", "S2"), Trait("Rule", "S3")]
public sealed class MobileSignInSteps : OnInstallation
{
    const string Email = "liam@acme.example", Password = "violet lantern orbit", Next = "seven copper kettles";

    WholeSite _site = null!;
    SiteVisitor _app = null!;
    OrganizationId _acme;
    AccountId _ada, _liam;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await WholeSite.On(Here);
        _app = _site.Somebody();
        _acme = await Here.Organization("acme");
        _ada = await Here.Admin(_acme, "ada@acme.example");
        _liam = await Here.Account(Email, "Liam", managedBy: _acme);
        await Here.Grant(new GivePassword([_liam], Password));
    }

    public override async Task DisposeAsync()
    {
        _app.Dispose();
        await _site.DisposeAsync();
        await base.DisposeAsync();
    }

    async Task<(HttpStatusCode Status, JsonElement Body)> Post(string path, object body)
    {
        using var answer = await _app.Client.PostAsJsonAsync(path, body);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    Task<(HttpStatusCode Status, JsonElement Body)> SignIn(string password = Password) =>
        Post("/api/sign-in", new { email = Email, password, device = "Phone" });

    Task<(HttpStatusCode Status, JsonElement Body)> Continue(string? ticket, string? code = null, string? newPassword = null) =>
        Post("/api/sign-in/continue", new { ticket, code, newPassword, device = "Phone" });

    static string Ticket((HttpStatusCode Status, JsonElement Body) answer, string step)
    {
        (answer.Status, answer.Body.GetProperty("code").GetString(), answer.Body.GetProperty("step").GetString())
            .ShouldBe((HttpStatusCode.Forbidden, "stepNeeded", step));
        return answer.Body.GetProperty("ticket").GetString()!;
    }

    static string? Code((HttpStatusCode Status, JsonElement Body) answer) => answer.Body.GetProperty("code").GetString();

    async Task SignedIn((HttpStatusCode Status, JsonElement Body) answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK, $"{answer.Body}");
        using var request = new HttpRequestMessage(HttpMethod.Get,
            "/api/me")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", answer.Body.GetProperty("accessToken").GetString()) }
        };
        using var me = await _app.Client.SendAsync(request);
        (await me.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid().ShouldBe(_liam.Value);
        (await Here.Grant(new ReadDevices(_liam, null))).ShouldContain(d => d.Kind == "mobile" && d.Name == "Phone");
    }

    async Task<(string Key, IReadOnlyList<string> Recovery)> TurnOn()
    {
        var enrolment = await Here.Grant(new PrepareTwoStep(_liam, null));
        return (enrolment.Key,
            (await Here.Grant(new ConfirmTwoStep(_liam, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()),
                By(_liam)))).RecoveryCodes);
    }

    [Fact]
    public async Task The_code_of_the_authenticator_and_a_recovery_code_carry_the_sign_in_on_each_once()
    {
        var (key, recovery) = await TurnOn();
        var ticket = Ticket(await SignIn(), "twoStepCode");
        (await Continue(ticket, code: "000000"))
            .ShouldSatisfyAllConditions(a => a.Status.ShouldBe(HttpStatusCode.UnprocessableEntity), a => Code(a).ShouldBe("invalidValue"));
        Here.Clock.Pass(TimeSpan.FromSeconds(30));
        var code = await Oathtool.Code(key, Here.Clock.GetUtcNow());
        await SignedIn(await Continue(ticket, code));
        (await Continue(ticket, code)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "a code is good once");
        await SignedIn(await Continue(Ticket(await SignIn(), "twoStepCode"), recovery[0]));
        (await Continue(Ticket(await SignIn(), "twoStepCode"), recovery[0])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        // The ticket of ten minutes, and none of somebody's own making.
        ticket = Ticket(await SignIn(), "twoStepCode");
        Here.Clock.Pass(TimeSpan.FromMinutes(11));
        foreach (var wrong in (string?[])[ticket, null, "", "x", ticket[..^2], new('A', 3_000)])
            (await Continue(wrong, recovery[1]))
                .ShouldSatisfyAllConditions(a => a.Status.ShouldBe(HttpStatusCode.Unauthorized), a => Code(a).ShouldBe("signInTicketVoid"));
        (await Here.Rows<string>("select distinct means from kernel.audit_entry where action in ('SignedIn', 'RecoveryCodeUsed')"))
            .ShouldBe(["mobile"]);
    }

    [Fact, Trait("Rule", "M7")]
    public async Task A_new_password_is_chosen_after_the_code_and_no_step_can_be_skipped()
    {
        var (key, _) = await TurnOn();
        (await Here.Send(new ResetPasswords([_liam], _acme, By(_ada)))).Single().Granted.ShouldBeTrue();
        var first = Ticket(await SignIn(), "twoStepCode");
        Code(await Continue(first, newPassword: Next)).ShouldBe("signInTicketVoid", "the code comes first");
        Here.Clock.Pass(TimeSpan.FromSeconds(30));
        var second = Ticket(await Continue(first, await Oathtool.Code(key, Here.Clock.GetUtcNow())), "newPassword");
        foreach (var (code, password) in ((string?, string?)[])[(null, null), ("123456", Next)])
            (await Continue(second, code, password)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Continue(second, newPassword: "short"))
            .ShouldSatisfyAllConditions(a => a.Status.ShouldBe(HttpStatusCode.UnprocessableEntity), a => a.Body.GetProperty("message")
                .GetString()!.ShouldContain("8 to 100"));
        (await Continue(second, newPassword: Password)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "it is the present one");
        await SignedIn(await Continue(second, newPassword: Next));
        (await SignIn()).Status.ShouldBe(HttpStatusCode.Unauthorized);
        Ticket(await SignIn(Next), "twoStepCode").ShouldNotBeEmpty();
    }

    [Fact, Trait("Rule", "S5")]
    public async Task Setting_up_two_step_verification_is_done_in_a_browser()
    {
        var strict =
            await Here.Grant(new CreatePolicy(_acme, PolicyDraft.Initial with { Name = "Strict", TwoStepMandatory = true }, By(_ada)));
        await Here.Grant(new MoveToPolicy(_acme, strict, [_liam], By(_ada)));
        var (status, fault) = await SignIn();
        (status, fault.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Forbidden, "setUpTwoStep"));
        fault.GetProperty("message").GetString()!.ShouldContain("http://localhost/sign-in");
        fault.TryGetProperty("ticket", out _).ShouldBeFalse();
        await TurnOn();
        Ticket(await SignIn(), "twoStepCode").ShouldNotBeEmpty();
    }

    [Fact, Trait("Rule", "A9")]
    public async Task Whoever_may_not_act_any_more_gets_no_further()
    {
        var (key, recovery) = await TurnOn();
        var ticket = Ticket(await SignIn(), "twoStepCode");
        await Here.Grant(new DeactivateAccount(_liam, _acme, null, "Ask Grace.", false, By(_ada)));
        Here.Clock.Pass(TimeSpan.FromSeconds(30));
        var (status, fault) = await Continue(ticket, await Oathtool.Code(key, Here.Clock.GetUtcNow()));
        (status, fault.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Forbidden, "deactivated"));
        await Here.Grant(new ReactivateAccount(_liam, _acme, By(_ada)));
        await SignedIn(await Continue(ticket, recovery[0]));
        for (var i = 0; i < 6; i++) await Continue(ticket, "000000");
        (await Continue(ticket, recovery[1])).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }
}

/// <summary>Paths and methods of the mobile API that there are not.</summary>
public sealed class MobileSignInMissed(OneApi one) : IClassFixture<OneApi>
{
    [Theory, Trait("Rule", "S9")]
    [InlineData("GET", "/api", 404, "notFound")]
    [InlineData("GET", "/api/", 404, "notFound")]
    [InlineData("GET", "/API/unknown/path?x=1", 404, "notFound")]
    [InlineData("POST", "/api/unknown", 404, "notFound")]
    [InlineData("DELETE", "/api/me", 405, "methodNotAllowed", "GET HEAD")]
    [InlineData("GET", "/api/sign-in", 405, "methodNotAllowed", "POST")]
    [InlineData("PUT", "/api/sign-in/continue", 405, "methodNotAllowed", "POST")]
    [InlineData("GET", "/api/me?x=%00", 400, "badRequest")]
    public async Task Where_no_route_answers_the_answer_is_json_all_the_same(string method, string path, int status, string code,
        string allow = "")
    {
        using var app = one.Node.Somebody();
        using var request = new HttpRequestMessage(new(method), path);
        using var answer = await app.Client.SendAsync(request);
        ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType).ShouldBe((status, "application/json"));
        var fault = await answer.Content.ReadFromJsonAsync<JsonElement>();
        fault.GetProperty("code").GetString().ShouldBe(code);
        fault.GetProperty("message").GetString()!.Length.ShouldBeGreaterThan(10);
        string.Join(' ', answer.Content.Headers.Allow).ShouldBe(allow);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await app.Get("/apiary")).Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }
}
