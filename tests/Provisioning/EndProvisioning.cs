using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>How a provider's hold of people ends: deleted by it, unlinked, unclaimed, with the domain, the directory, the person or the
/// organization (SPEC P2).</summary>
[Trait("Rule", "P2")]
public sealed class EndProvisioning : OnScim
{
    [Fact, Trait("Rule", "A11")]
    public async Task Deleting_unlinks_and_deactivates_and_whoever_comes_again_gets_everything_back()
    {
        var id = await Provider.Create(Person("mia"));
        await Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Users/{id}");
        await Provider.Expect(HttpStatusCode.NotFound, "GET", $"/Users/{id}");
        await Provider.Expect(HttpStatusCode.NotFound, "DELETE", $"/Users/{id}");
        var profile = await Profile(id);
        (profile.State, profile.ProvisionedBy, profile.ManagedBy, profile[AccountDetail.JobTitle].Value)
            .ShouldBe((AccountState.Deactivated, null, Acme, "Engineer"));
        profile[AccountDetail.JobTitle].Refusal.ShouldBeNull();
        (await Provider.Create(Person("mia"))).ShouldBe(id);
        (await Profile(id)).State.ShouldBe(AccountState.Active);
        (await Here.Grant(new ReadAccount(new(id)))).Version.ShouldBeGreaterThan(1);
    }

    [Fact, Trait("Rule", "A11")]
    public async Task Unlinking_on_the_page_gives_the_account_back_and_leaves_it_as_it_is()
    {
        var id = await Provider.Create(Person("mia"));
        (await Here.Refuse(new UnlinkPerson(Globex, new(id), By(Gus)))).ShouldBe(new NotProvisioned());
        await Here.Grant(new GivePassword([Ada], "correct horse"));
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", "correct horse");
        var path = $"/o/{Acme}/members/{id}";
        (await (await ada.Get(path)).Content.ReadAsStringAsync()).ShouldContain($"{path}/unlink");
        (await (await ada.Get($"{path}/unlink")).Content.ReadAsStringAsync()).ShouldContain("The account stays managed");
        using var done = await ada.Post($"{path}/unlink");
        done.Headers.Location!.OriginalString.ShouldBe(path);
        (await (await ada.Get(path)).Content.ReadAsStringAsync()).ShouldNotContain($"{path}/unlink");
        var profile = await Profile(id);
        (profile.State, profile.ProvisionedBy, profile.EmailRefusal, profile[AccountDetail.Name].Refusal)
            .ShouldBe((AccountState.Active, null, null, null));
        (await Audit(id))[^1].ShouldBe("AccountReleased");
        await Provider.Expect(HttpStatusCode.NotFound, "GET", $"/Users/{id}");
        (await Provider.Create(Person("mia"))).ShouldBe(id);
        await Here.Grant(new UnclaimAccount(new(id), Acme, true, By(Ada)));
        await Here.Quiet();
        await Provider.Expect(HttpStatusCode.NotFound, "GET", $"/Users/{id}");
        (await Here.Grant(new ReadProfile(new(id), null, new(id)))).ProvisionedBy.ShouldBeNull("an unclaimed account is its person's");
        await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", Person("mia"));
    }

    [Fact]
    public async Task Whom_no_provider_came_back_for_is_given_back_and_nobody_else()
    {
        var (id, forgotten) = (await Provider.Create(Person("mia")), await Here.Account("noah@acme.example", managedBy: Acme));
        await Here.Grant(new GiveToProvider(forgotten, Acme, "Entra ID", ["email"], By(Ada)));
        await Recur<ReleaseForgotten>();
        (await Profile(forgotten.Value)).ProvisionedBy.ShouldBeNull();
        (await Profile(id)).ProvisionedBy.ShouldBe("Entra ID");
    }

    [Fact]
    public async Task A_lost_or_unclaimed_domain_ends_the_providers_hold_of_everybody_on_it()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++) ids.Add(await Provider.Create(Person($"p{i}")));
        var draft = await Here
            .Grant(new BeginClaim(Acme, (await Here.Send(new ReadDomains(Acme))).Single().Id, null, By(Ada), Unclaim: true));
        var job = await Here.Grant(new ConfirmBulk(Acme, draft, null, null, false, false, "acme.example", By(Ada)));
        await Here.Until(async () =>
            await Here.Scalar<long>("select count(*) from kernel.job where id = @job and ended_at is null", new { job = job.Value }) == 0);
        await Here.Quiet();
        (await Provider.Expect(HttpStatusCode.OK, "GET", "/Users")).GetProperty("totalResults").GetInt32().ShouldBe(0);
        foreach (var id in ids)
            (await Here.Grant(new ReadProfile(new(id), null, new(id))))
                .ShouldSatisfyAllConditions(p => p.ProvisionedBy.ShouldBeNull(), p => p.ManagedBy.ShouldBeNull(),
                    p => p.State.ShouldBe(AccountState.Active));
        await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", Person("p0"));
    }

    [Fact]
    public async Task A_removed_directory_gives_everybody_back()
    {
        using var other = await Directory("Second");
        var (mine, theirs, off) = (await Provider.Create(Person("mia")), await other.Create(Person("noah")),
            await Provider.Create(Person("off", active: false)));
        (await other.Ask("POST", "/Users", Person("mia"))).Status.ShouldBe(HttpStatusCode.Conflict,
            "two directories cannot own one account");
        await Here.Grant(new RemoveIdentityDirectory(Acme, Provider.Directory, "Entra ID", By(Ada)));
        await Here.Until(async () =>
        {
            await Recur<GiveBackRemoved>();
            return !await Here.Scalar<bool>(
                "select exists (select from directory.identity_directory where id = @id)", new { id = Provider.Directory.Value });
        }, what: "the directory was not cleared away");
        var (one, two, three) = (await Profile(mine), await Profile(theirs), await Profile(off));
        (one.ProvisionedBy, one.State, one.ManagedBy, two.ProvisionedBy, three.State)
            .ShouldBe((null, AccountState.Active, Acme, "Second", AccountState.Deactivated));
        (await other.Create(Person("mia"))).ShouldBe(mine);
    }

    [Fact, Trait("Rule", "A6")]
    public async Task Erasure_and_the_end_of_an_organization_leave_nothing()
    {
        var id = await Provider.Create(Person("mia", "external-id-of-mia"));
        (await TablesWith("external-id-of-mia")).ShouldNotBeEmpty();
        await Provider.Ask("GET", "/Users?filter=title%20eq%20%22mia@acme.example%22");
        await Here.Grant(new ScheduleDeletion(new(id), Acme, By(Ada)));
        (await Provider.Ask("PUT", $"/Users/{id}", Person("mia2"))).Status.ShouldBe(HttpStatusCode.Conflict);
        await Here.Quiet();
        Here.Clock.Pass(TimeSpan.FromDays(15));
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(CancellationToken.None);
        await Here.Quiet();
        (await TablesWith("mia@acme.example", "external-id-of-mia", "mia for show")).ShouldBeEmpty();
        await Provider.Expect(HttpStatusCode.NotFound, "GET", $"/Users/{id}");
        (await Provider.Create(Person("mia"))).ShouldNotBe(id, "the address is free again, and another person's");
        await Here.Rows<int>("update accounts.account set managed_by = null; delete from domains.domain where organization_id = @id",
            new { id = Globex.Value });
        await Here.Grant(new DeleteOrganization(Globex, "globex", By(Gus)));
        (await Here.Scalar<long>("select count(*) from directory.identity_directory where organization_id = @id",
            new { id = Globex.Value })).ShouldBe(0);
        Here.Clock.Pass(TimeSpan.FromSeconds(1));
        await Foreign.Expect(HttpStatusCode.Unauthorized, "GET", "/Users");
    }
}
