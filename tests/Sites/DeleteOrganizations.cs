using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Webhooks;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>An organization that owns nothing any more goes with all its rows, and its admins with it; nothing else is touched.</summary>
public sealed class DeleteOrganizations : OnInstallation
{
    /// <summary>Rows that name the organization anywhere but in the log of what was done.</summary>
    async Task<IReadOnlyList<string>> Naming(OrganizationId organization)
    {
        var found = new List<string>();
        foreach (var table in await Here.Rows<string>(
            "select format('%I.%I', schemaname, tablename) from pg_tables "
            + "where schemaname in ('domains', 'accounts', 'sites', 'security', 'directory')"))
            if (await Here.Scalar<bool>($"select exists (select from {table} t where t::text like @pattern)",
                new { pattern = $"%{organization}%" })) found.Add(table);
        return found;
    }

    [Fact, Trait("Rule", "U1"), Trait("Rule", "L1")]
    public async Task All_of_it_goes_and_its_history_stays()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var (ada, bob) = (await Here.Admin(acme, "ada@acme.example"), await Here.Admin(acme, "bob@acme.example"));
        await Here.Grant(new AppointOrganizationAdmin(ada, globex, TestInstallation.Console));
        await Here.StartBackground();
        await Here.Grant(new CreateGroup(acme, "Developers", null, By(ada)));
        await Here.Grant(new CreateGroup(globex, "Developers", null, By(ada)));
        await Here.Grant(new CreatePolicy(acme, PolicyDraft.Initial with { Name = "Contractors" }, By(ada)));
        await Here.Grant(new CreateApiKey(acme, ada, "Nightly", ["jobs:read"], 7, By(ada)));
        await Here.Grant(new CreateWebhook(acme, ada, "https://receiver.acme.example/", By(ada)));
        var others = await Naming(globex);
        (await Naming(acme)).Count.ShouldBeGreaterThan(4, "the search must be able to find something");
        (await Here.Refuse(new DeleteOrganization(acme, "globex", By(ada)))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("typedName");
        (await Here.Grant(new WeighOrganization(acme)))
            .ShouldSatisfyAllConditions(w => w.InTheWay.ShouldBeEmpty(), w => w.Admins.ShouldBe(2), w => w.Groups.ShouldBe(1));
        await Here.Grant(new DeleteOrganization(acme, " acme ", By(ada)));
        await Here.Quiet();
        (await Naming(acme)).ShouldBeEmpty();
        (await Naming(globex)).ShouldBe(others);
        (await Here.Grant(new ReadAccount(ada))).AdminOf.ShouldBe([globex]);
        (await Here.Grant(new ReadAccount(bob))).AdminOf.ShouldBeEmpty();
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where action = 'OrganizationDeleted' and organization_id = @id and actor_id = @ada",
            new { id = acme.Value, ada = ada.Value })).ShouldBe(1);
        (await Here.Refuse(new DeleteOrganization(acme, "acme", By(ada)))).ShouldBe(new NotFound("organization"));
        // The short name is free again.
        (await Here.Organization("acme")).ShouldNotBe(acme);
    }

    [Fact, Trait("Rule", "U1")]
    public async Task What_it_still_owns_is_in_the_way_and_nothing_goes()
    {
        var acme = await Here.Organization("acme");
        var ada = await Here.Admin(acme, "ada@acme.example");
        var site = await Here.Grant(new CreateSite(acme, "Team", "https://team.acme.example", By(ada)));
        await Here.Grant(new CreateGroup(acme, "Developers", null, By(ada)));
        await Refused();
        await Here.Grant(new RemoveSite(site, By(ada)));
        var domain = await Here.VerifiedDomain(acme, "acme.example", automatic: false);
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        (await Here.Grant(new WeighOrganization(acme))).InTheWay.Count.ShouldBe(2);
        await Refused();
        await Here.Grant(new UnclaimAccount(liam, acme, false, By(ada)));
        await Refused();
        (await Here.Scalar<long>("select count(*) from sites.grp")).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from domains.domain where id = @id", new { id = domain.Value })).ShouldBe(1);

        async Task Refused() => (await Here.Refuse(new DeleteOrganization(acme, "acme", By(ada)))).ShouldBeOfType<OrganizationInUse>();
    }
}
