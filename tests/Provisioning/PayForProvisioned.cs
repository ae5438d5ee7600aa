using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>A non-billable policy has nobody whom an identity provider provisions (SPEC S5), by whichever door.</summary>
[Trait("Rule", "S5"), Trait("Rule", "P2")]
public sealed class PayForProvisioned : OnScim
{
    PolicyId _free, _strict;
    AccountId _liam, _mona;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _free = await Here.Grant(new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Free", Billable = false }, By(Ada)));
        _strict = await Here.Grant(new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Strict" }, By(Ada)));
        _liam = new((await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", Person("liam"))).GetProperty("id").GetGuid());
        _mona = await Here.Account("mona@acme.example", "Mona", managedBy: Acme);
    }

    async Task<string> PolicyResolver(AccountId account) => (await Here.Send(new ReadPolicyOf(Acme, account)))!.Settings.Name!;

    async Task<PolicyView> Of(PolicyId policy) => await Here.Grant(new ReadPolicy(Acme, policy));

    [Fact]
    public async Task Who_is_provisioned_comes_under_none_by_selection_by_address_or_in_bulk()
    {
        (await Here.Refuse(new MoveToPolicy(Acme, _free, [_mona, _liam], By(Ada)))).ShouldBeOfType<NonBillableProvisioned>();
        (await PolicyResolver(_mona), await PolicyResolver(_liam)).ShouldBe(("Default policy", "Default policy"), "all of them or none");
        var moved = await Here.Grant(new MoveToPolicyByEmail(Acme, _free, "mona@acme.example liam@acme.example", null, By(Ada)));
        (moved.Accounts, moved.Already, moved.Provisioned, moved.Left.Count).ShouldBe((1, 0, 1, 0));
        var draft = await Here.Grant(new PrepareBulk(Acme, ManyAccounts.MoveToPolicy, [_mona, _liam], null,
            By(Ada))
        { Target = $"{_free}" });
        var review = await Here.Grant(new ReviewBulk(Acme, draft, Ada));
        (review.WillChange, review.Refused.Single().Code, review.Refused.Single().Accounts).ShouldBe((0, "inThisPolicy", 2));
        (await PolicyResolver(_mona), await PolicyResolver(_liam)).ShouldBe(("Free", "Default policy"));
        await Here.Grant(new UnlinkPerson(Acme, _liam, By(Ada)));
        (await Here.Grant(new MoveToPolicy(Acme, _free, [_liam], By(Ada)))).ShouldBe(1, "nobody provisions Liam now");
    }

    [Fact]
    public async Task A_bulk_that_was_confirmed_leaves_out_whom_a_provider_took_meanwhile()
    {
        var nora = await Here.Account("nora@acme.example", "Nora", managedBy: Acme);
        var draft = await Here.Grant(new PrepareBulk(Acme, ManyAccounts.MoveToPolicy, [nora, _mona], null,
            By(Ada))
        { Target = $"{_free}" });
        (await Here.Grant(new ReviewBulk(Acme, draft, Ada))).WillChange.ShouldBe(2);
        await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", Person("nora"));
        var job = await Here.Grant(new ConfirmBulk(Acme, draft, null, null, true, false, null, By(Ada)));
        await Here.Services.GetRequiredService<JobWorker>().Run(job.Value, 1, CancellationToken.None);
        var counts = (await Here.Grant(new ReadJob(Acme.Value, job))).Counts;
        (counts["movedToPolicy"], counts["inThisPolicy"], counts.Count).ShouldBe((1, 1, 2));
        (await PolicyResolver(_mona), await PolicyResolver(nora)).ShouldBe(("Free", "Default policy"));
    }

    [Fact]
    public async Task A_policy_that_has_somebody_provisioned_stays_billable()
    {
        await Here.Grant(new MoveToPolicy(Acme, _strict, [_liam], By(Ada)));
        var strict = await Of(_strict);
        var usual = (await Here.Send(new ReadPolicies(Acme)))[0];
        foreach (var policy in (PolicyView[])[strict, usual])
            (await Here.Refuse(new ChangePolicy(Acme, policy.Id, policy.Version, policy.Settings with { Billable = false }, By(Ada))))
                .ShouldBeOfType<NonBillableProvisioned>();
        await Here.Grant(new MoveToPolicy(Acme, usual.Id, [_liam], By(Ada)));
        await Here.Grant(new ChangePolicy(Acme, strict.Id, strict.Version, strict.Settings with { Billable = false }, By(Ada)));
        await Here.Grant(new UnlinkPerson(Acme, _liam, By(Ada)));
        await Here.Grant(new ChangePolicy(Acme, usual.Id, (await Of(usual.Id)).Version, usual.Settings with { Billable = false }, By(Ada)));
    }

    [Fact]
    public async Task Who_is_put_into_one_and_provisioned_then_leaves_it_and_comes_back_with_the_end_of_provisioning()
    {
        await Here.Grant(new MoveToPolicy(Acme, _free, [_mona], By(Ada)));
        (await PolicyResolver(_mona)).ShouldBe("Free");
        await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", Person("mona"));
        (await PolicyResolver(_mona)).ShouldBe("Default policy");
        await Here.Grant(new UnlinkPerson(Acme, _mona, By(Ada)));
        (await PolicyResolver(_mona)).ShouldBe("Free");
    }

    [Fact]
    public async Task While_the_default_policy_is_non_billable_nobody_is_provisioned()
    {
        await Here.Grant(new UnlinkPerson(Acme, _liam, By(Ada)));
        var usual = (await Here.Send(new ReadPolicies(Acme)))[0];
        await Here.Grant(new ChangePolicy(Acme, usual.Id, usual.Version, usual.Settings with { Billable = false }, By(Ada)));
        (await Here.Refuse(new CreateIdentityDirectory(Acme, Ada, "Okta", By(Ada)))).ShouldBeOfType<DefaultPolicyNonBillable>();
        (await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", Person("olga"))).ToString().ShouldContain("non-billable");
        (await Here.Send(new FindAccount(EmailAddress.Trusted("olga@acme.example")))).ShouldBeNull();
        await Foreign.Expect(HttpStatusCode.Created, "POST", "/Users", Person("olga", domain: "globex.example"));
    }
}
