using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The demo's mailbox shows an email as it would be read, and nothing in it can do anything (SPEC R3, S9).</summary>
[Trait("Rule", "R3"), Trait("Rule", "S9")]
public sealed class ShowMailAsHtml : OnInstallation
{
    [Fact]
    public async Task An_email_has_an_address_of_its_own_whose_policy_allows_its_styles_alone()
    {
        var acme = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", "Liam", managedBy: acme);
        await Here.Grant(new DeactivateAccount(liam, acme, null, "<script>alert(1)</script>", true, TestInstallation.Console));
        await Here.Quiet();
        var mail = await Here.Scalar<Guid>("select id from kernel.mail where template = 'account-deactivated'");
        await using var node = await WholeSite.On(Here);
        using var nobody = node.Somebody();
        var box = await (await nobody.Get("/demo/mail?to=liam")).Content.ReadAsStringAsync();
        box.ShouldContain($"/demo/mail/{mail}.html");
        using var answer = await nobody.Get($"/demo/mail/{mail}.html");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'; sandbox"]);
        var html = await answer.Content.ReadAsStringAsync();
        html.ShouldStartWith("<!doctype html>");
        html.ShouldContain("<style>");
        html.ShouldNotContain("<script");
        using var none = await nobody.Get($"/demo/mail/{Guid.NewGuid()}.html");
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        none.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self'");
    }
}
