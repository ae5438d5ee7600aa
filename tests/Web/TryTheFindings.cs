using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Provisioning;
using DirectoryPlatform.Tests.Support;
using static System.Net.HttpStatusCode;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// The inputs of those who tried to take over, lock out and flood, as a browser or a program sends them; each did what must not be. The
/// trait names the finding. Here stands one input of a kind; the whole kind is tested by the classes of the rule. That keys in a backup
/// are of no use (A13) is seen in SealTheKeyRing.
/// </summary>
public sealed partial class TryTheFindings : OnInstallation
{
    internal const string Password = "violet lantern orbit", Another = "seven copper kettles", Owner = "nora@mail.example";
    const string Thief = "thief@evil.example";

    async Task<AccountId> Person(string email = Owner)
    {
        var id = await Here.Account(email, "Nora Berg");
        await Here.Grant(new GivePassword([id], Password));
        return id;
    }

    /// <summary>An admin who can sign in.</summary>
    async Task<AccountId> Ada(OrganizationId acme)
    {
        var ada = await Here.Admin(acme, "ada@acme.example");
        await Here.Grant(new GivePassword([ada], Password));
        return ada;
    }

    /// <summary>The last one that was mailed and leads to this page.</summary>
    Task<string> Link(string recipient, string page) => Link(Here, recipient, page);

    internal static async Task<string> Link(TestInstallation here, string recipient, string page)
    {
        await here.Quiet();
        var link = await here.Scalar<string>("""
            select letter->>'link' from kernel.mail where recipient = @recipient and letter->>'link' like '%' || @page || '?token=%'
            order by created_at desc, id desc limit 1
            """, new { recipient, page });
        link.ShouldNotBeNull($"{recipient} was mailed no link to {page}");
        return link.Split("token=")[1];
    }

    Task<string?> Email(AccountId of) => Here.Scalar<string>("select email from accounts.account where id = @Value", new { of.Value });

    /// <summary>Opens the page behind the link, and sends its form, even where it shows none.</summary>
    internal static async Task<HttpResponseMessage> Follow(SiteVisitor visitor, string page, string token, params (string, string)[] typed)
    {
        using var shown = await visitor.Get($"{page}?token={token}");
        return await visitor.Send(page, await visitor.Token("/forgot-password"), [("token", token), .. typed]);
    }

    [Fact, Trait("Finding", "A1"), Trait("Rule", "S12")]
    public async Task An_open_browser_does_not_move_the_address_or_make_a_token_without_the_password()
    {
        await Person();
        await using var site = await WholeSite.On(Here);
        using var browser = site.Somebody();
        await browser.SignIn(Owner, Password);
        Here.Clock.Pass(TimeSpan.FromMinutes(16));
        var token = await browser.Token("/account/api-tokens");
        token.ShouldNotBeEmpty();
        using var moved = await browser.Send("/account/email", token, ("Input.Email", Thief));
        using var made = await browser.Send("/account/api-tokens", token, ("Input.Label", "Mine"), ("Input.Days", "365"));
        (moved.StatusCode, made.StatusCode).ShouldBe((Forbidden, Forbidden));
        foreach (var table in (string[])["accounts.email_change", "security.api_token"])
            (await Here.Scalar<long>($"select count(*) from {table}")).ShouldBe(0, table);
    }

    [Fact, Trait("Finding", "A1"), Trait("Rule", "A15")]
    public async Task The_old_address_is_told_at_once_and_can_stop_the_change()
    {
        var nora = await Person();
        await using var site = await WholeSite.On(Here);
        using var browser = site.Somebody();
        await browser.SignIn(Owner, Password);
        (await browser.Post("/account/email", ("Input.Email", Thief))).StatusCode.ShouldBe(Redirect);
        await Here.Quiet();
        var told = await Here.Rows<string>("select letter::text from kernel.mail where recipient = @Owner", new { Owner });
        told.Count(letter => letter.Contains(Thief, StringComparison.Ordinal))
            .ShouldBe(1, "mails to the old address that name the new one");
        using var owner = site.Somebody();
        (await Follow(owner, "/keep-email", await Link(Owner, "/keep-email"))).StatusCode.ShouldBe(Redirect);
        (await Follow(browser, "/confirm-email", await Link(Thief, "/confirm-email"))).StatusCode.ShouldBe(UnprocessableEntity);
        (await Email(nora)).ShouldBe(Owner);
    }

    [Fact, Trait("Finding", "A1"), Trait("Rule", "A15")]
    public async Task A_browser_without_a_session_confirms_no_new_address()
    {
        var nora = await Person();
        await using var site = await WholeSite.On(Here);
        using var browser = site.Somebody();
        await browser.SignIn(Owner, Password);
        await browser.Post("/account/email", ("Input.Email", Thief));
        using var thief = site.Somebody();
        using var answer = await Follow(thief, "/confirm-email", await Link(Thief, "/confirm-email"));
        (await Email(nora), answer.StatusCode).ShouldBe((Owner, UnprocessableEntity));
    }

    [Fact, Trait("Finding", "A2"), Trait("Rule", "S13")]
    public async Task A_key_that_manages_accounts_does_not_move_an_admins_address()
    {
        var (acme, jane, ada) = await AcmeWithJane();
        var key = await Here.Grant(new CreateApiKey(acme, ada, "Program", ["accounts:manage"], 7, By(ada)));
        await using var site = await WholeSite.On(Here);
        using var program = site.Somebody();
        program.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Secret);
        var answers = new List<HttpStatusCode>();
        foreach (var (admin, to) in ((AccountId, string)[])[(jane, "insider1@acme.example"), (ada, "insider2@acme.example")])
            answers.Add((await program.Client.PutAsJsonAsync($"/users/{admin}/manage/email", new { email = to })).StatusCode);
        answers.ShouldBe([Forbidden, Forbidden]);
        (await Email(jane), await Email(ada)).ShouldBe(("jane@acme.example", "ada@acme.example"));
    }

    [Fact, Trait("Finding", "A2"), Trait("Rule", "S13")]
    public async Task A_provider_does_not_move_an_admins_address()
    {
        var acme = await Here.Organization("acme");
        await Here.VerifiedDomain(acme, "acme.example", automatic: false);
        var ada = await Here.Admin(acme, "ada@acme.example");
        var made = await Here.Grant(new CreateIdentityDirectory(acme, ada, "Entra ID", By(ada)));
        await using var site = await WholeSite.On(Here);
        using var provider = new ScimCaller(site.Somebody().Client, made.Directory.Id, made.Token, Here.Clock);
        var mia = await provider.Create(new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User"),
            ["userName"] = "mia@acme.example",
            ["externalId"] = "mia",
            ["displayName"] = "Mia",
            ["active"] = true,
            ["emails"] = new JsonArray(new JsonObject { ["value"] = "mia@acme.example", ["type"] = "work", ["primary"] = true }),
        });
        await Here.Grant(new AppointOrganizationAdmin(new(mia), acme, TestInstallation.Console));
        await provider.Patch(mia, new { op = "replace", path = "emails[type eq \"work\"].value", value = "insider@acme.example" });
        (await Email(new(mia))).ShouldBe("mia@acme.example");
    }

    async Task<(OrganizationId Acme, AccountId Jane, AccountId Ada)> AcmeWithJane()
    {
        var acme = await Here.Organization("acme");
        await Here.VerifiedDomain(acme, "acme.example");
        var admins = new List<AccountId>();
        foreach (var email in (string[])["jane@acme.example", "ada@acme.example"])
        {
            admins.Add(await Here.Admin(acme, email));
            await Here.Grant(new ClaimAccount(admins[^1], acme, "acme.example", true, ByNobody));
        }
        return (acme, admins[0], admins[1]);
    }

    [Fact, Trait("Finding", "A3"), Trait("Rule", "A14")]
    public async Task After_a_reset_by_mail_the_thiefs_link_and_token_are_dead()
    {
        var nora = await Person();
        await using var site = await WholeSite.On(Here);
        using var open = site.Somebody();
        await open.SignIn(Owner, Password);
        (await open.Post("/account/email", ("Input.Email", Thief))).StatusCode.ShouldBe(Redirect);
        using var made = await open.Post("/account/api-tokens", ("Input.Label", "Mine"), ("Input.Days", "365"));
        var secret = ApiToken().Match(await made.Content.ReadAsStringAsync()).Value;
        (await Me(site, secret)).ShouldBe(OK);
        var pending = await Link(Thief, "/confirm-email");

        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        using var owner = site.Somebody();
        (await owner.Post("/forgot-password", ("Input.Email", Owner))).StatusCode.ShouldBe(Redirect);
        using var reset = await Follow(owner, "/reset-password", await Link(Owner, "/reset-password"), ("Input.Password", Another));
        reset.StatusCode.ShouldBe(Redirect);
        await Here.Quiet();
        using var thief = site.Somebody();
        // Even whoever knows the new password brings the old request back to nothing.
        using var followed = await Follow(thief, "/confirm-email", pending, ("Input.Password", Another));
        (await Email(nora), await Me(site, secret)).ShouldBe((Owner, Unauthorized));
        await owner.SignIn(Owner, Another);
    }

    static async Task<HttpStatusCode> Me(WholeSite site, string secret)
    {
        using var program = site.Somebody();
        program.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return (await program.Get("/api/me")).StatusCode;
    }

    [Fact, Trait("Finding", "A4"), Trait("Rule", "A13")]
    public async Task The_owners_click_does_not_arm_the_password_of_a_stranger_who_signed_up()
    {
        const string Ceo = "ceo@acme.example";
        await using var site = await WholeSite.On(Here);
        using var stranger = site.Somebody();
        await stranger.Post("/sign-up", ("Input.Name", "The Boss"), ("Input.Email", Ceo), ("Input.Password", Password));
        using var owner = site.Somebody();
        using var clicked = await Follow(owner, "/verify-email", await Link(Ceo, "/verify-email"));
        using var answer = await stranger.Post("/sign-in", ("Input.Email", Ceo), ("Input.Password", Password));
        (answer.StatusCode, stranger.Session).ShouldBe((UnprocessableEntity, null), "the stranger signs in with the own password");
    }

    internal static Task<HttpResponseMessage> SignUp(SiteVisitor visitor, string token, string email, string name = "Nora New") =>
        visitor.Send("/sign-up", token, ("Input.Name", name), ("Input.Email", email), ("Input.Password", Password));

    [Fact, Trait("Finding", "A7"), Trait("Rule", "C4")]
    public async Task A_name_that_is_a_text_for_strangers_with_a_link_is_not_mailed()
    {
        await using var site = await WholeSite.On(Here);
        using var stranger = site.Somebody();
        const string Name = "Urgent: your account is suspended, see https://evil.example/x";
        using var answer = await SignUp(stranger, await stranger.Token("/sign-up"), "victim@mail.example", Name);
        (answer.StatusCode, await Here.Scalar<long>("select count(*) from kernel.mail")).ShouldBe((UnprocessableEntity, 0L));
    }

    [Fact, Trait("Finding", "A7"), Trait("Rule", "A13")]
    public async Task Sign_ups_with_an_address_in_use_leave_no_password_of_nobody()
    {
        await Person();
        await using var site = await WholeSite.On(Here);
        using var stranger = site.Somebody();
        var token = await stranger.Token("/sign-up");
        for (var i = 0; i < 3; i++) await SignUp(stranger, token, Owner);
        (await Here.Scalar<long>("select count(*) from security.password where account_id not in (select id from accounts.account)"))
            .ShouldBe(0, "passwords without an account");
    }

    [Fact, Trait("Finding", "A12"), Trait("Rule", "S9")]
    public async Task A_field_name_with_an_open_bracket_is_no_fault_of_ours()
    {
        await using var site = await WholeSite.On(Here);
        using var stranger = site.Somebody();
        using var answer = await stranger.Post("/sign-in", ("Input.Email", Owner), ("Input.Password", Password), ("a[", "1"));
        ((int)answer.StatusCode).ShouldBeLessThan(500);
    }

    [Fact, Trait("Finding", "A13"), Trait("Rule", "M9")]
    public async Task A_name_that_begins_with_a_wide_equals_sign_is_no_formula_in_an_export()
    {
        var acme = await Here.Organization("acme");
        await Ada(acme);
        await Here.Account("liam@acme.example", "\uFF1D1+1", managedBy: acme);
        await using var site = await WholeSite.On(Here);
        using var ada = site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        using var answer = await ada.Get($"/o/{acme}/members/accounts.csv");
        answer.StatusCode.ShouldBe(OK);
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");
        lines.Single(l => l.Contains("liam@acme.example", StringComparison.Ordinal)).ShouldStartWith("'\uFF1D1+1,");
    }

    [GeneratedRegex(@"dpt_\w+")]
    private static partial Regex ApiToken();
}
