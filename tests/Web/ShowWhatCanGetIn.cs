using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The pages behind the mails about an address and about a password, as a browser sees them (SPEC A14, A15).</summary>
public sealed partial class ShowWhatCanGetIn : OnInstallation
{
    const string Password = "violet lantern orbit", New = "seven copper kettles", Email = "jane@mail.example", Thief = "thief@evil.example";

    WholeSite _site = null!;
    AccountId _jane;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await WholeSite.On(Here);
        _jane = await Here.Account(Email, "Jane Doe");
        await Here.Grant(new GivePassword([_jane], Password));
    }

    public override async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await base.DisposeAsync();
    }

    async Task<string> Link(string recipient, string template)
    {
        await Here.Quiet();
        return InLink()
            .Match(await Here.Scalar<string>(
                "select letter->>'link' from kernel.mail where recipient = @recipient and template = @template order by created_at desc, "
                + "id desc limit 1", new { recipient, template }) ?? "").Value;
    }

    static async Task<string> Said(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

    static string TokenOf(string path) => path.Split("token=")[1];

    async Task<SiteVisitor> Asked()
    {
        var jane = _site.Somebody();
        await jane.SignIn(Email, Password);
        (await jane.Post("/account/email", ("Input.Email", Thief))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return jane;
    }

    [Fact, Trait("Rule", "A15")]
    public async Task A_browser_without_a_session_confirms_nothing_without_the_password()
    {
        using var jane = await Asked();
        using var thief = _site.Somebody();
        var path = await Link(Thief, "email-confirmation");
        (await Said(await thief.Get(path))).ShouldContain("confirm that it is yours");
        using var bare = await thief.Post(path, ("token", TokenOf(path)));
        (bare.StatusCode, (await Said(bare)).Contains("Enter the account password"))
            .ShouldBe((HttpStatusCode.UnprocessableEntity, true));
        using var wrong = await thief.Post(path, ("token", TokenOf(path)), ("Input.Password", "a guess"));
        (await Said(wrong)).ShouldContain("This is not your password.");
        (await Here.Grant(new ReadAccount(_jane))).Email.ShouldBe(Email);
        (await Said(await jane.Get(path))).ShouldNotContain("confirm that it is yours");
        (await jane.Post(path, ("token", TokenOf(path)))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Grant(new ReadAccount(_jane))).Email.ShouldBe(Thief);

        var back = await Link(Email, "email-left");
        using var owner = _site.Somebody();
        (await Said(await owner.Get(back))).ShouldContain("Restore my account");
        (await Here.Grant(new ReadAccount(_jane))).Email.ShouldBe(Thief, "whoever only looks, such as a mail scanner, changes nothing");
        (await owner.Post(back, ("token", TokenOf(back)))).Headers.Location!.OriginalString.ShouldBe("/forgot-password");
        (await Here.Grant(new ReadAccount(_jane))).Email.ShouldBe(Email);
        (await Said(await owner.Get(back))).ShouldContain("This link has been used");
    }

    [Fact, Trait("Rule", "A15")]
    public async Task The_present_address_stops_it_by_a_button_behind_the_link()
    {
        using var jane = await Asked();
        using var owner = _site.Somebody();
        var (stop, confirm) = (await Link(Email, "email-change-asked"), await Link(Thief, "email-confirmation"));
        (await Said(await owner.Get(stop))).ShouldContain(Thief);
        (await Said(await jane.Get("/account"))).ShouldContain(Thief, Case.Sensitive, "it still waits");
        (await owner.Post(stop, ("token", TokenOf(stop)))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Said(await jane.Get("/account"))).ShouldNotContain(Thief);
        (await Said(await jane.Get(confirm))).ShouldContain("This link has been used");
        (await Said(await owner.Get(stop))).ShouldContain("There is nothing to stop");
    }

    [Fact, Trait("Rule", "A14")]
    public async Task The_page_behind_a_reset_says_what_ends_and_the_page_of_a_change_offers_to_revoke_tokens()
    {
        using var jane = await Asked();
        var token = await Here.Grant(new CreateApiToken(_jane, "Backup", 90, By(_jane)));
        await Here.Grant(new RequestPasswordReset(Email, TestInstallation.Console));
        using var owner = _site.Somebody();
        var page = await Said(await owner.Get(await Link(Email, "password-reset")));
        foreach (var said in (string[])["When you set a new password, these end", "one device", "One API token", "“Backup”", Thief])
            page.ShouldContain(said);

        (await Said(await jane.Get("/account/password"))).ShouldContain("name=\"Input.RevokeTokens\" value=\"true\" checked");
        (await jane.Post("/account/password", ("Input.Current", Password), ("Input.Password", New))).StatusCode
            .ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new AuthenticateBearer(token.Secret))).ShouldNotBeNull("the box was unchecked");
        (await jane.Post("/account/password", ("Input.Current", New), ("Input.Password", "quiet marble harbour"),
            ("Input.RevokeTokens", "true"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new AuthenticateBearer(token.Secret))).ShouldBeNull();
    }

    [GeneratedRegex(@"/[\w-]+\?token=[\w-]+")]
    private static partial Regex InLink();
}
