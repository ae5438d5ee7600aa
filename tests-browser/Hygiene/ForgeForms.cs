using System.Net;
using DirectoryPlatform.Tests.Browser.Pages;

namespace DirectoryPlatform.Tests.Browser.Hygiene;

[Collection(SharedDemo.Name), Trait("Rule", "S9")]
public sealed class ForgeForms(Furnished demo)
{
    readonly Stops _stops = demo.Stops;

    [Fact]
    public void Every_form_is_in_the_list() => (Posts.OfAnybody.Length + Posts.OfOrganization.Length).ShouldBe(Posts.Handlers);

    [Fact]
    public async Task A_form_without_a_token_with_a_made_up_one_or_with_another_sessions_is_refused_and_changes_nothing()
    {
        using var ada = await Visitor.SignedIn(_stops.Installation, "ada@acme.example");
        using var again = await Visitor.SignedIn(_stops.Installation, "ada@acme.example");
        using var stranger = new Visitor(_stops.Installation.Address);
        var form = _stops.Path("/o/{acme}/domains/add");
        var (own, foreign, signedOut) = (await ada.Token(form), await again.Token(form), await stranger.Token("/sign-in"));
        own.ShouldNotBeEmpty();
        foreign.ShouldNotBe(own);
        var before = await _stops.Fingerprint();
        // Each form by each of them when whole, by one in turn when small: a form that does not ask takes any.
        string?[] tokens = [null, "", "CfDJ8made-up", foreign, signedOut];
        var turn = 0;
        foreach (var template in Posts.OfAnybody.Concat(Posts.OfOrganization))
        {
            var path = _stops.Path(template.Replace("{org}", "{acme}", StringComparison.Ordinal)
                .Replace("{account}", "{liam}", StringComparison.Ordinal).Replace("{domain}", "{acme.example}", StringComparison.Ordinal));
            foreach (var token in Proof.Whole ? tokens : [tokens[turn++ % tokens.Length]])
            {
                using var answer = await ada.Send(path, token, ("Input.Which", "all"), ("Input.TypedName", "acme.example"),
                    ("Input.Name", "forged.test"));
                answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{path} with {token}");
                (await answer.Content.ReadAsStringAsync()).ShouldContain("This form has expired");
            }
        }
        (await _stops.Fingerprint()).ShouldBe(before);
        (await ada.Get("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_form_after_signing_out_asks_to_sign_in_and_changes_nothing()
    {
        using var ada = await Visitor.SignedIn(_stops.Installation, "ada@acme.example");
        var token = await ada.Token(_stops.Path("/o/{acme}/domains/add"));
        (await ada.Send("/sign-out", token)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var before = await _stops.Fingerprint();
        (await ada.Send(_stops.Path("/o/{acme}/domains/add"), token, ("Input.Name", "late.test"))).StatusCode
            .ShouldBe(HttpStatusCode.Unauthorized);
        (await _stops.Fingerprint()).ShouldBe(before);
    }
}
