using System.Diagnostics;
using System.Net;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>What a provider asks all day long makes few round trips to the database.</summary>
[Trait("Rule", "P2"), Trait("Rule", "P4")]
public sealed class AskTheDatabaseSeldom : OnScim
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        // So that nothing is made for the first time, and the directory's last request is noted for this minute.
        await Provider.Create(Person("first"));
    }

    async Task AtMost(int trips, Func<Task> ask)
    {
        using var sent = new RoundTrips(Here);
        var watch = Stopwatch.StartNew();
        await ask();
        sent.Sent.ShouldNotBeEmpty();
        // A check that is older than that is made again before the answer (SPEC A9).
        sent.ShouldBeAtMost(trips + (watch.Elapsed > Revocations.Oldest ? 2 : 0));
    }

    [Fact]
    public async Task A_person_is_made_found_changed_switched_off_and_deleted_in_few_round_trips()
    {
        Guid mia = default;
        // The token; the domain; the lease and all that is looked at behind it; the account, read and written; the row and the lease's end.
        await AtMost(6, async () => mia = await Provider.Create(Person("mia")));
        await AtMost(2, () => Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{mia}"));
        await AtMost(2, async () => (await Provider.Find("userName eq \"mia@acme.example\"")).ShouldBe([mia]));
        // The token; the lease, row and account; the account, read and written; the row, the lease's end and the answer.
        var title = new { op = "replace", path = "title", value = "Director" };
        await AtMost(5, async () => (await Provider.Patch(mia, title)).GetProperty("title").GetString().ShouldBe("Director"));
        await AtMost(3, () => Provider.Patch(mia, title));
        var whole = Person("mia");
        whole["title"] = "Chief";
        await AtMost(5, async () => (await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{mia}", whole)).GetProperty("title")
            .GetString().ShouldBe("Chief"));
        await AtMost(5, async () => (await Provider.Patch(mia, new { op = "replace", path = "active", value = false }))
            .GetProperty("active").GetBoolean().ShouldBeFalse());
        // Who switched off is asked of the audit log.
        await AtMost(6, async () => (await Provider.Patch(mia, new { op = "replace", path = "active", value = true }))
            .GetProperty("active").GetBoolean().ShouldBeTrue());
        // The token; the lease and the row; switched off, and given back, read and written each; marked; out of groups; the row goes.
        await AtMost(9, () => Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Users/{mia}"));
        (await Here.Scalar<long>("select count(*) from directory.provisioning_lease")).ShouldBe(0, "each request has given its own back");
    }

    [Fact]
    public async Task A_group_is_made_and_gets_a_member_in_few_round_trips()
    {
        var (ann, bob, staff) = (await Provider.Create(Person("ann")), await Provider.Create(Person("bob")), Guid.Empty);
        // The token; group, members and directory; the provider's row; the member; the entries; the members to show.
        await AtMost(8, async () => staff = (await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups", new
        {
            schemas = (string[])["urn:ietf:params:scim:schemas:core:2.0:Group"],
            displayName = "Staff",
            members = new[] { new { value = ann } },
        })).GetProperty("id").GetGuid());
        // The token; the group, locked, and the provider's row; who they are; the member; row and entries; how many, and the members.
        await AtMost(8, async () => (await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Groups/{staff}", new
        {
            schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            Operations = new[] { new { op = "add", path = "members", value = new[] { new { value = bob } } } },
        })).GetProperty("members").GetArrayLength().ShouldBe(2));
    }
}
