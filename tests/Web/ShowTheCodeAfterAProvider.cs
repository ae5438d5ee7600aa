using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>An organization's provider does not go around the second step that guards another organization (SPEC S13).</summary>
[Trait("Rule", "S13")]
public sealed class ShowTheCodeAfterAProvider(OneProvider one) : OnAProvider(one)
{
    [Fact]
    public async Task Whoever_administers_another_organization_too_shows_the_own_code_after_the_providers_answer()
    {
        await SetUp();
        var enrolment = await Here.Grant(new PrepareTwoStep(Liam, null));
        var recovery = (await Here.Grant(new ConfirmTwoStep(Liam, enrolment.Enrolment,
            await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()), By(Liam)))).RecoveryCodes;
        using (var own = Site.Somebody())
        {
            await Visit(own, Go(), "liam@acme.example");
            own.Session.ShouldNotBeNull("for its own organization the provider's word is enough");
        }
        await Here.Grant(new AppointOrganizationAdmin(Liam, Globex, TestInstallation.Console));

        using var liam = Site.Somebody();
        Task<HttpResponseMessage> Answered(string page, string field, string code) =>
            liam.Send("/sign-in/single-sign-on?handler=Code", SiteVisitor.TokenOf(page),
                ("codeTicket", Regex.Match(page, "name=\"codeTicket\" value=\"([^\"]+)\"").Groups[1].Value),
                (field, code));
        var asked = await Said(await Visit(liam, Go("/account/sessions"), "liam@acme.example"));
        asked.ShouldContain("You are also an admin of another organization");
        asked.ShouldContain("<a href=\"/sign-in?returnTo=%2Faccount%2Fsessions\">Start again</a>");
        liam.Session.ShouldBeNull();
        using (var wrong = await Answered(asked, "Input.Code", "000000"))
        {
            wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            asked = await Said(wrong);
            asked.ShouldContain("This code is wrong");
            liam.Session.ShouldBeNull();
        }
        using (var come = await Answered(asked, "Input.Recovery", recovery[0]))
            come.Headers.Location!.OriginalString.ShouldBe("/account/sessions");
        liam.Session.ShouldNotBeNull();

        // The step-up, too: the provider's word alone proves nothing for the other organization.
        var path = $"/o/{Globex}/single-sign-on";
        await Here.Rows<int>("update security.session set proved_at = proved_at - interval '16 minutes' returning 1");
        var proof = await Said(await Visit(liam, $"/sso/{Acme}/go?for=proof&returnTo={Uri.EscapeDataString(path)}", "liam@acme.example"));
        (await liam.Get(path)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var again = $"href=\"/confirm-it-is-you?returnTo={Uri.EscapeDataString(path)}\"";
        proof.ShouldContain(again);
        // As after ten minutes: whoever confirms something is signed in all the same, and begins where it began.
        using (var late = await liam.Send("/sign-in/single-sign-on?handler=Code", SiteVisitor.TokenOf(proof), ("codeTicket", "late"),
            ("returnTo", path), ("Input.Code", "000000")))
            (await Said(late)).ShouldSatisfyAllConditions(p => p.ShouldContain("This was not confirmed"), p => p.ShouldContain(again),
                p => p.ShouldNotContain("You are not signed in"));
        Here.Clock.Pass(TimeSpan.FromSeconds(31));
        using (var proved = await Answered(proof, "Input.Code", await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow())))
            proved.Headers.Location!.OriginalString.ShouldBe(path);
        (await liam.Get(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
