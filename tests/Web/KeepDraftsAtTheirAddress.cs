using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What is prepared for many is shown, downloaded and confirmed at its own address alone: another one asks for another permission,
/// or shows people before it asks for the password.</summary>
[Trait("Rule", "S8"), Trait("Rule", "S12"), Trait("Rule", "A10")]
public sealed class KeepDraftsAtTheirAddress : OnSite
{
    const string Password = "violet lantern orbit";

    [Fact]
    public async Task A_draft_of_each_kind_is_unknown_at_every_address_but_its_own()
    {
        var domain = await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        var managed = await Here.Account("n1@acme.example", managedBy: Acme);
        await Here.Account("n2@acme.example");
        var user = await User("liam@mail.example", Site, JiraUser);
        await Here.Grant(new GivePassword([Ada], Password));
        await using var node = await WholeSite.On(Here);
        using var ada = node.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var token = await ada.Token($"/o/{Acme}/members");
        (string Own, BulkDraftId Draft, string? Sample)[] drafts =
        [
            ($"/o/{Acme}/bulk/", await Here.Grant(new PrepareBulk(Acme, ManyAccounts.Unclaim, [managed], null, By(Ada))),
                "n1@acme.example"),
            ($"/o/{Acme}/claims/", await Here.Grant(new BeginClaim(Acme, domain, null, By(Ada))), null),
            ($"/o/{Acme}/users/changes/", await Here.Grant(new DraftChange(Acme, null, MembershipChange.Suspend, [user], By(Ada))),
                "liam@mail.example"),
            ($"/s/{Site}/users/changes/", await Here.Grant(new DraftChange(Acme, Site, MembershipChange.Remove, [user], By(Ada))),
                "liam@mail.example"),
        ];
        foreach (var (own, draft, sample) in drafts)
            foreach (var place in drafts.Select(d => d.Own))
            {
                var expected = place == own ? HttpStatusCode.OK : HttpStatusCode.NotFound;
                var file = place.EndsWith("/changes/", StringComparison.Ordinal) ? "review.csv" : "accounts.csv";
                foreach (var path in (string[])[$"{place}{draft}", $"{place}{draft}/{file}"])
                {
                    using var looked = await ada.Get(path);
                    looked.StatusCode.ShouldBe(expected, $"{path} of {own}");
                    // Several people may have one name: the review names the address, too, as its file does.
                    if (place == own && sample is not null) (await looked.Content.ReadAsStringAsync()).ShouldContain(sample);
                }
                if (place == own) continue;
                var form = place.EndsWith("/claims/", StringComparison.Ordinal) ? $"{place}{draft}/confirm" : $"{place}{draft}";
                using var sent = await ada.Send(form, token, ("Input.Acknowledged", "true"));
                sent.StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{form} of {own}");
            }
        (await Here.Scalar<long>("select count(*) from kernel.job")).ShouldBe(0);
    }
}
