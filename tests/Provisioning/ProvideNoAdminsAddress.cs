using System.Net;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>A provider does not change how an admin is reached (SPEC S13),
/// nor gives anybody an address that another account has just left (A15).</summary>
[Trait("Rule", "S13"), Trait("Rule", "P2")]
public sealed class ProvideNoAdminsAddress : OnScim
{
    static JsonObject Emails(string address) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
        ["Operations"] =
            new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "emails[type eq \"work\"].value", ["value"] = address }),
    };

    [Fact]
    public async Task The_address_of_a_provisioned_admin_stays_and_the_troubleshooting_log_says_why()
    {
        var mia = await Provider.Create(Person("mia"));
        await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Users/{mia}", Emails("mia.long@acme.example"));
        await Here.Grant(new AppointOrganizationAdmin(new(mia), Acme, TestInstallation.Console));
        var (status, body) = await Provider.Ask("PATCH", $"/Users/{mia}", Emails("insider@acme.example"));
        status.ShouldBe(HttpStatusCode.OK, $"{body}");
        body.GetProperty(ScimReply.PassedOver)[0].GetString()!.ShouldContain(new AdminOutOfReach().Sentence);
        (await Here.Grant(new ReadAccount(new(mia)))).Email.ShouldBe("mia.long@acme.example");
        (await Here.Scalar<long>("select count(*) from directory.provisioning_note where reason like '%This person is an admin.%'"))
            .ShouldBe(1);
    }

    [Fact, Trait("Rule", "A15")]
    public async Task An_address_that_another_account_has_left_is_taken()
    {
        var mia = await Provider.Create(Person("mia"));
        await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Users/{mia}", Emails("mia.long@acme.example"));
        var other = Person("other");
        other["emails"] = new JsonArray(new JsonObject { ["value"] = "mia@acme.example", ["primary"] = true });
        var (status, body) = await Provider.Ask("POST", "/Users", other);
        status.ShouldBe(HttpStatusCode.Conflict, $"{body}");
        (await Here.Scalar<long>("select count(*) from accounts.account where email = 'mia@acme.example'")).ShouldBe(0);
        Here.Clock.Pass(TimeSpan.FromDays(8));
        other = Person("later");
        other["emails"] = new JsonArray(new JsonObject { ["value"] = "mia@acme.example", ["primary"] = true });
        await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", other);
    }
}
