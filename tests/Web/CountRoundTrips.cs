using System.Globalization;
using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Pages that everybody waits for ask the database seldom.</summary>
public sealed class CountRoundTrips : OnSite
{
    const string Password = "correct horse battery";

    async Task<AccountId> Liam()
    {
        var liam = await User("liam@acme.example", Site, JiraUser, await Group("Staff"));
        await Here.Grant(new ClaimAccount(liam, Acme, "acme.example", true, TestInstallation.Console));
        await Here.Grant(new GivePassword([Ada, liam], Password));
        await Here.Quiet();
        return liam;
    }

    [Theory, Trait("Rule", "S1"), InlineData(false), InlineData(true)]
    public async Task A_sign_in_with_a_password_makes_at_most_six_round_trips(bool hasRules)
    {
        await Liam();
        if (hasRules)
        {
            var strict = await Here.Grant(
                new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Strict" }, TestInstallation.Console));
            await Here.Grant(new AddPolicyRule(Acme, strict, RuleAttribute.Domain, "acme.example", TestInstallation.Console));
        }
        await using var node = await WholeSite.On(Here);
        // Twice: in a lane nobody has an address, so that each comes as a stranger, and the first meets what is made for the first time.
        for (var i = 0; i < 2; i++)
        {
            using var liam = node.Somebody();
            var token = await liam.Token("/sign-in");
            using var trips = new RoundTrips(Here);
            (await liam.Send("/sign-in", token, ("Input.Email", "liam@acme.example"), ("Input.Password", Password))).StatusCode
                .ShouldBe(HttpStatusCode.Redirect);
            trips.Sent.ShouldNotBeEmpty();
            trips.ShouldBeAtMost(6);
        }
    }

    [Fact, Trait("Rule", "S1"), Trait("Rule", "S11")]
    public async Task A_stranger_who_signs_in_with_the_right_password_makes_no_more()
    {
        await Liam();
        // Once before, so that nothing is made for the first time.
        await Here.Grant(new SignIn("ada@acme.example", Password, "Firefox", TestInstallation.Console));
        foreach (var address in (string[])["192.0.2.1", "192.0.2.1", "198.51.100.7"])
        {
            using var trips = new RoundTrips(Here);
            await Here.Grant(new SignIn("liam@acme.example", Password, "Firefox", TestInstallation.Console with { Address = address }));
            trips.ShouldBeAtMost(6);
        }
    }

    [Theory, Trait("Rule", "M2"), InlineData("/o/{0}/members/{1}", 9), InlineData("/o/{0}/users/{1}", 10)]
    public async Task A_profile_makes_few_round_trips(string path, int most)
    {
        var liam = await Liam();
        await using var node = await WholeSite.On(Here);
        using var ada = node.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var profile = string.Format(CultureInfo.InvariantCulture, path, Acme, liam);
        (await ada.Get(profile)).StatusCode.ShouldBe(HttpStatusCode.OK, profile);
        // Later, so that nothing is remembered, and before the session is noted anew.
        Here.Clock.Pass(TimeSpan.FromSeconds(10));
        using var trips = new RoundTrips(Here);
        (await ada.Get(profile)).StatusCode.ShouldBe(HttpStatusCode.OK);
        trips.Sent.ShouldNotBeEmpty();
        trips.ShouldBeAtMost(most);
        (await Here.Grant(new ReadManagedAccount(Acme, liam, Ada))).History
            .ShouldBeEmpty("what shows no history, such as an answer to a form, reads none");
    }
}
