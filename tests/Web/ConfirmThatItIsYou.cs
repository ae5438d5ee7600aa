using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Pages.Account;
using DirectoryPlatform.Web.Permissions;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What cannot be taken back asks for the password again when the last proof is over 15 minutes old, and loses nothing that was
/// typed (SPEC S7's dangerous actions).</summary>
[Trait("Rule", "S7")]
public sealed class ConfirmThatItIsYou : OnInstallation
{
    const string Password = "correct horse";

    WholeSite _site = null!;
    SiteVisitor _ada = null!;
    OrganizationId _acme;
    AccountId _liam;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await WholeSite.On(Here);
        _acme = await Here.Organization("acme");
        await Here.Grant(new GivePassword([await Here.Admin(_acme, "ada@acme.example")], Password));
        _liam = await Here.Account("liam@acme.example", "Liam", managedBy: _acme);
        _ada = _site.Somebody();
        await _ada.SignIn("ada@acme.example", Password);
    }

    public override async Task DisposeAsync()
    {
        _ada.Dispose();
        await _site.DisposeAsync();
        await base.DisposeAsync();
    }

    string Appoint => $"/o/{_acme}/admins/appoint";
    string Confirm => $"/confirm-it-is-you?returnTo={Uri.EscapeDataString(Appoint)}";

    [Fact]
    public async Task Shortly_after_the_sign_in_nothing_is_asked_and_later_the_question_comes_before_the_form()
    {
        (await _ada.Get(Appoint)).StatusCode.ShouldBe(HttpStatusCode.OK);
        Here.Clock.Pass(TimeSpan.FromMinutes(16));
        using var asked = await _ada.Get(Appoint);
        (asked.StatusCode, asked.Headers.Location!.OriginalString).ShouldBe((HttpStatusCode.Redirect, Confirm));
        (await _ada.Get($"/o/{_acme}/admins")).StatusCode.ShouldBe(HttpStatusCode.OK, "looking is no danger");
        using var wrong = await _ada.Post(Confirm, ("Input.Password", "wrong"));
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("input-password-error");
        (await _ada.Get(Appoint)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var right = await _ada.Post(Confirm, ("Input.Password", Password));
        right.Headers.Location!.OriginalString.ShouldBe(Appoint);
        (await _ada.Get(Appoint)).StatusCode.ShouldBe(HttpStatusCode.OK);
        Here.Clock.Pass(TimeSpan.FromMinutes(14));
        (await _ada.Get(Appoint)).StatusCode.ShouldBe(HttpStatusCode.OK);
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        (await _ada.Get(Appoint)).StatusCode.ShouldBe(HttpStatusCode.Redirect, "another 15 minutes are over, however busy they were");
    }

    [Fact]
    public async Task A_form_that_stood_open_too_long_comes_back_with_the_question_and_all_input_and_the_answer_carries_it_through()
    {
        var token = await _ada.Token(Appoint);
        Here.Clock.Pass(TimeSpan.FromMinutes(16));
        using var asked = await _ada.Send(Appoint, token, ("Input.Email", "liam@acme.example"), ("more", "<b>\"1\"</b>"), ("more", "2"));
        asked.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var page = await asked.Content.ReadAsStringAsync();
        page.ShouldContain("""<input type="hidden" name="Input.Email" value="liam@acme.example">""");
        page.ShouldContain("""name="more" value="&lt;b&gt;&quot;1&quot;&lt;/b&gt;">""");
        page.ShouldContain("""name="more" value="2">""");
        page.ShouldContain($"action=\"{Appoint}\"");
        (await Here.Grant(new ReadAccount(_liam))).AdminOf.ShouldBeEmpty();
        using var wrong = await _ada.Send(Appoint, SiteVisitor.TokenOf(page), ("Input.Email", "liam@acme.example"),
            (FreshProof.Field, "wrong"));
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        page = await wrong.Content.ReadAsStringAsync();
        page.ShouldContain("it-is-me-error");
        page.ShouldContain("value=\"liam@acme.example\"");
        page.ShouldNotContain("value=\"wrong\"");
        using var done = await _ada.Send(Appoint, SiteVisitor.TokenOf(page), ("Input.Email", "liam@acme.example"),
            (FreshProof.Field, Password));
        done.Headers.Location!.OriginalString.ShouldBe($"/o/{_acme}/admins");
        (await Here.Grant(new ReadAccount(_liam))).AdminOf.ShouldBe([_acme]);
    }

    [Fact]
    public async Task The_question_is_no_way_around_the_gate_the_form_token_or_the_throttle()
    {
        var token = await _ada.Token(Appoint);
        using var liam = _site.Somebody();
        await Here.Grant(new GivePassword([_liam], Password));
        await liam.SignIn("liam@acme.example", Password);
        Here.Clock.Pass(TimeSpan.FromMinutes(16));
        (await liam.Send(Appoint, await liam.Token("/account/sessions"), ("Input.Email", "liam@acme.example"),
            (FreshProof.Field, Password))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _ada.Send(Appoint, "", ("Input.Email", "liam@acme.example"), (FreshProof.Field, Password))).StatusCode
            .ShouldBe(HttpStatusCode.BadRequest);
        (await _ada.Send(Appoint, token, ("Input.Email", "liam@acme.example"), (FreshProof.Field, ""))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        for (var i = 0; i < 6; i++) await _ada.Send(Appoint, token, (FreshProof.Field, "wrong"));
        using var paused = await _ada.Send(Appoint, token, ("Input.Email", "liam@acme.example"), (FreshProof.Field, Password));
        (await paused.Content.ReadAsStringAsync()).ShouldContain("Too many attempts");
        (await Here.Grant(new ReadAccount(_liam))).AdminOf.ShouldBeEmpty();
    }
}

/// <summary>Where the question of <see cref="ConfirmThatItIsYou"/> stands, and where it leads.</summary>
[Trait("Rule", "S7")]
public sealed class ConfirmLeadsOn(FurnishedSite all) : OnFurnishedSite(all)
{
    [Theory, Trait("Rule", "S9")]
    [InlineData("https://elsewhere.test/")]
    [InlineData("//elsewhere.test")]
    [InlineData("/\\elsewhere.test")]
    [InlineData("javascript:alert(1)")]
    public async Task It_leads_on_to_no_other_host(string returnTo)
    {
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        using var answer = await ada.Post($"/confirm-it-is-you?returnTo={Uri.EscapeDataString(returnTo)}", ("Input.Password", Password),
            ("returnTo", returnTo));
        answer.Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Fact]
    public void What_is_dangerous_asks()
    {
        var fresh = _site.Routes.Where(r => r.Metadata.GetMetadata<RequiresAttribute>() is { Fresh: true })
            .Select(r => r.RoutePattern.RawText).ToHashSet();
        foreach (var route in (string[])["account/delete", "account/two-step/set-up", "o/{orgId:guid}/members/{accountId:guid}/delete",
            "o/{orgId:guid}/bulk/{draftId:guid}", "o/{orgId:guid}/domains/{domainId:guid}/remove", "o/{orgId:guid}/admins/appoint",
            "o/{orgId:guid}/admins/{accountId:guid}/remove"])
            fresh.ShouldContain(route);
    }
}
