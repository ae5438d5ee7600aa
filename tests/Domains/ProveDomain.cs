using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Domains;

/// <summary>Adding, verifying and removing through the mediator, with the demo's zone as the DNS.</summary>
public sealed class ProveDomain : OnInstallation
{
    [Fact, Trait("Rule", "D10")]
    public async Task Two_organizations_that_verify_one_domain_at_once_leave_one_owner_and_are_told_once()
    {
        var rounds = Support.Proof.Size(16, 200);
        await using var node = Here.AnotherNode();
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        await Here.Admin(acme, "ada@acme.test");
        await Here.Admin(globex, "gus@globex.test");
        for (var round = 0; round < rounds; round++)
        {
            var name = $"r{round}.example";
            var (a, g) = (await Here.PublishedDomain(acme, name), await Here.PublishedDomain(globex, name));
            var views = await Task.WhenAll(
                Here.Grant(new VerifyDomain(acme, a, ProofMethod.Dns, TestInstallation.Console)), (round % 2 == 0 ? Here : node)
                    .Grant(new VerifyDomain(globex, g, ProofMethod.Dns, TestInstallation.Console)));
            views.Count(v => v.State is DomainState.Verified).ShouldBe(1, name);
            views.Count(v => v is { State: DomainState.Unverified, ProvedWhileOwnedElsewhere: true }).ShouldBe(1, name);
        }
        (await Here.Scalar<long>("select count(*) from domains.domain where state = 1")).ShouldBe(rounds);
        await Here.Quiet();
        foreach (var admin in (string[])["ada@acme.test", "gus@globex.test"])
            (await Here.Rows<long>("select count(*) from kernel.mail where recipient = @admin group by template, letter->>'domain'",
                new { admin })).ShouldBe(Enumerable.Repeat(1L, rounds));
        // Looking again tells nobody again.
        var mails = await Here.Scalar<long>("select count(*) from kernel.mail");
        foreach (var waiting in (await Here.Send(new ReadDomains(acme))).Concat(await Here.Send(new ReadDomains(globex)))
            .Where(d => !d.IsOwned).Take(5))
            await Here.Grant(new VerifyDomain(waiting.Organization, waiting.Id, ProofMethod.Dns, TestInstallation.Console));
        await Here.Quiet();
        (await Here.Scalar<long>("select count(*) from kernel.mail")).ShouldBe(mails);
    }

    [Fact, Trait("Rule", "D10"), Trait("Rule", "D12")]
    public async Task Removal_gives_the_accounts_back_and_lets_the_waiting_proof_take_over()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var a = await Here.VerifiedDomain(acme, "acme.example");
        var g = await Here.PublishedDomain(globex, "acme.example");
        (await Here.Grant(new VerifyDomain(globex, g, ProofMethod.Dns, TestInstallation.Console))).ProvedWhileOwnedElsewhere.ShouldBeTrue();
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        var view = await Here.Grant(new ReadDomain(acme, a));
        await Here.Grant(new RemoveDomain(acme, a, view.Version, TestInstallation.Console));
        await Here.Until(async () => (await Here.Grant(new ReadDomain(globex, g))).State is DomainState.Verified);
        await Here.Until(async () => (await Here.Grant(new ReadAccount(liam))).ManagedBy is null);
        (await Here.Send(new WhoOwnsDomain("acme.example")))!.Organization.ShouldBe(globex);
        (await Here.Scalar<string[]>("select excluded_by::text[] from accounts.account where id = @id", new { id = liam.Value }))
            .ShouldBeNull();
    }

    [Fact, Trait("Rule", "D4")]
    public async Task Tokens_differ_per_organization_and_are_void_after_removal()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var (a, g) = (await Here.PublishedDomain(acme, "acme.example"),
            await Here.Grant(new AddDomain(globex, "ACME.example.", TestInstallation.Console)));
        var (ours, theirs) = (await Here.Grant(new ReadDomain(acme, a)), await Here.Grant(new ReadDomain(globex, g)));
        ours.Token.ShouldNotBe(theirs.Token);
        // The token of one proves nothing for the other.
        (await Here.Grant(new VerifyDomain(globex, g, ProofMethod.Dns, TestInstallation.Console))).State.ShouldBe(DomainState.Unverified);
        await Here.Grant(new RemoveDomain(acme, a, ours.Version, TestInstallation.Console));
        (await Here.Refuse(new VerifyDomain(acme, a, ProofMethod.Dns, TestInstallation.Console))).ShouldBe(new NotFound("domain"));
        var again = await Here.Grant(new AddDomain(acme, "acme.example", TestInstallation.Console));
        (await Here.Grant(new ReadDomain(acme, again))).Token.ShouldNotBe(ours.Token);
        (await Here.Grant(new VerifyDomain(acme, again, ProofMethod.Dns, TestInstallation.Console))).State.ShouldBe(DomainState.Unverified);
        (await Here.Scalar<long>("select count(*) from domains.domain where token = @Token", ours)).ShouldBe(0);
    }

    [Fact, Trait("Rule", "R3"), Trait("Rule", "D6")]
    public async Task The_demos_web_server_proves_names_under_example_and_no_others()
    {
        var acme = await Here.Organization("acme");
        var id = await Here.Grant(new AddDomain(acme, "acme.example", TestInstallation.Console));
        var view = await Here.Grant(new ReadDomain(acme, id));
        async Task<(DomainState, string?)> Verify(DomainId domain)
        {
            var checkedNow = await Here.Grant(new VerifyDomain(acme, domain, ProofMethod.Https, TestInstallation.Console));
            return (checkedNow.State, checkedNow.LastCheck?.Verdict);
        }
        (await Verify(id)).ShouldBe((DomainState.Unverified, Verdicts.HttpStatus));
        await Here.Grant(new DirectoryPlatform.Domains.AddDemoRecord(view.HttpsAddress, "HTTPS", "Hello"));
        (await Verify(id)).ShouldBe((DomainState.Unverified, Verdicts.NotContained));
        await Here.Grant(new DirectoryPlatform.Domains.AddDemoRecord("acme.example", "https", view.DnsValue));
        (await Verify(id)).ShouldBe((DomainState.Verified, Verdicts.Proved));

        (await Here.Refuse(new DirectoryPlatform.Domains.AddDemoRecord("https://acme.test/x", "HTTPS", "x")))
            .ShouldBeOfType<InvalidValue>().Field.ShouldBe("name");
        var real = await Here.Grant(new AddDomain(acme, "acme.test", TestInstallation.Console));
        await Here.Rows<int>("insert into domains.demo_record (id, name, type, value) values (gen_random_uuid(), 'acme.test', 'HTTPS', "
            + "@value) returning 1", new { value = (await Here.Grant(new ReadDomain(acme, real))).DnsValue });
        (await Verify(real)).Item1.ShouldBe(DomainState.Unverified, "the network is asked");
    }

    [Fact, Trait("Rule", "D1"), Trait("Rule", "D4"), Trait("Rule", "D7")]
    public async Task A_right_token_is_found_whichever_way_is_asked_and_otherwise_what_was_asked_for_is_told()
    {
        var acme = await Here.Organization("acme");
        foreach (var (name, asked, published) in ((string, ProofMethod, ProofMethod)[])[
            ("record.example", ProofMethod.Https, ProofMethod.Dns), ("file.example", ProofMethod.Dns, ProofMethod.Https)])
        {
            var id = await Here.Grant(new AddDomain(acme, name, TestInstallation.Console));
            var nothing = await Here.Grant(new VerifyDomain(acme, id, asked, TestInstallation.Console));
            (nothing.State, nothing.LastCheck!.Method).ShouldBe((DomainState.Unverified, asked), name);
            await Here.Grant(published is ProofMethod.Dns
                ? new DirectoryPlatform.Domains.AddDemoRecord(nothing.DnsName, "TXT", nothing.DnsValue)
                : new DirectoryPlatform.Domains.AddDemoRecord(nothing.HttpsAddress, "HTTPS", nothing.DnsValue));
            var found = await Here.Grant(new VerifyDomain(acme, id, asked, TestInstallation.Console));
            (found.State, found.LastCheck!.Method).ShouldBe((DomainState.Verified, published), name);
        }
    }

    [Fact, Trait("Rule", "S8")]
    public async Task A_foreign_domain_is_answered_as_an_unknown_one()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var id = await Here.VerifiedDomain(acme, "acme.example");
        foreach (var domain in (DomainId[])[id, new(Guid.CreateVersion7())])
        {
            (await Here.Refuse(new ReadDomain(globex, domain))).ShouldBe(new NotFound("domain"));
            (await Here.Refuse(new VerifyDomain(globex, domain, ProofMethod.Dns, TestInstallation.Console)))
                .ShouldBe(new NotFound("domain"));
            (await Here.Refuse(new RemoveDomain(globex, domain, 2, TestInstallation.Console))).ShouldBe(new NotFound("domain"));
            (await Here.Refuse(new ChooseDomainClaiming(domain, globex, false, TestInstallation.Console))).ShouldBe(new NotFound("domain"));
            (await Here.Refuse(new BeginClaim(globex, domain, null, TestInstallation.Console))).ShouldBe(new NotFound("domain"));
        }
        (await Here.Grant(new ReadDomain(acme, id))).State.ShouldBe(DomainState.Verified);
    }

    [Fact, Trait("Rule", "D1"), Trait("Rule", "D3")]
    public async Task A_domain_is_added_once_and_never_where_nobody_can_own_it()
    {
        var acme = await Here.Organization("acme");
        var added = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => Here.Send(new AddDomain(acme, "acme.example", TestInstallation.Console))));
        added.Count(o => o.Granted).ShouldBe(1);
        added.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal is DomainAlreadyAdded);
        foreach (var name in (string?[])[null, "", "co.uk", "gmail.com", "localhost", "192.0.2.1", "a b.com", "evil\0.com", new('a', 300)])
            (await Here.Refuse(new AddDomain(acme, name, TestInstallation.Console))).Sentence.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact, Trait("Rule", "D8")]
    public async Task The_platform_looks_by_itself_gives_up_after_72_hours_and_finds_it_when_asked()
    {
        var acme = await Here.Organization("acme");
        var (found, lost) = (await Here.Grant(new AddDomain(acme, "found.example", TestInstallation.Console)),
            await Here.Grant(new AddDomain(acme, "lost.example", TestInstallation.Console)));
        var checks = (IRecurring)Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions
            .GetServices<IRecurring>(Here.Services).Single(r => r.Name == "check due domains");
        await checks.Run(CancellationToken.None);
        (await Here.Grant(new ReadDomain(acme, found))).LastCheck.ShouldBeNull("its first minute has not passed");
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await checks.Run(CancellationToken.None);
        (await Here.Grant(new ReadDomain(acme, found))).LastCheck!.Verdict.ShouldBe(Verdicts.NoRecord);
        var view = await Here.Grant(new ReadDomain(acme, found));
        await Here.Grant(new DirectoryPlatform.Domains.AddDemoRecord(view.Name, "TXT", view.DnsValue));
        Here.Clock.Pass(TimeSpan.FromHours(72));
        await checks.Run(CancellationToken.None);
        (await Here.Grant(new ReadDomain(acme, found))).State.ShouldBe(DomainState.Verified);
        (await Here.Grant(new ReadDomain(acme, lost))).GaveUpAt.ShouldNotBeNull();
        view = await Here.Grant(new ReadDomain(acme, lost));
        await Here.Grant(new DirectoryPlatform.Domains.AddDemoRecord(view.DnsName, "TXT", view.DnsValue));
        Here.Clock.Pass(TimeSpan.FromDays(2));
        await checks.Run(CancellationToken.None);
        (await Here.Grant(new ReadDomain(acme, lost))).State.ShouldBe(DomainState.Unverified);
        (await Here.Grant(new VerifyDomain(acme, lost, ProofMethod.Dns, TestInstallation.Console))).State.ShouldBe(DomainState.Verified);
    }
}
