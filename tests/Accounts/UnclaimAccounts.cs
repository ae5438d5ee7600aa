using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>From the domain's row (SPEC D12): give accounts back in bulk, export them.</summary>
public sealed class UnclaimAccountsTests : OnInstallation
{
    async Task<JobView> Run(OrganizationId org, BulkDraftId draft)
    {
        var job = await Here.Grant(new ConfirmBulk(org, draft, null, null, false, false, null, TestInstallation.Console));
        await Here.Walk(job);
        return await Here.Grant(new ReadJob(org.Value, job));
    }

    [Fact, Trait("Rule", "C6"), Trait("Rule", "C7"), Trait("Rule", "C8")]
    public async Task Accounts_of_a_file_are_given_back_excluded_and_counted_as_the_preview_said()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var domain = await Here.VerifiedDomain(acme, "acme.example", automatic: false);
        await Here.Seed("acme.example", 40);
        await Run(acme, await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console)));
        var emails = await Here.Rows<string>("select email from accounts.account order by id limit 10");
        var free = await Here.Account("free@acme.example");
        var csv = $"Email\r\n{string.Join("\r\n", emails).ToUpperInvariant()}\r\n"
            + "free@acme.example\r\nnobody@acme.example\r\nsomebody@globex.example\r\n";
        var draft = await Here.Grant(new BeginClaim(acme, domain, AddressInput.Of(new MemoryStream(Encoding.UTF8.GetBytes(csv))),
            TestInstallation.Console,
            Unclaim: true));
        var review = await Here.Grant(new ReviewBulk(acme, draft, default));
        (review.Action, review.WillChange, review.BadLineCount).ShouldBe((ManyAccounts.Unclaim, 10, 2));
        review.BadLines.Select(b => b.Line).ShouldBe([13, 14]);
        review.Refused.Single().Sentence.ShouldBe("Your organization does not manage this account.", "and no advice for something else");
        (await Here.Refuse(new ReviewBulk(globex, draft, default))).ShouldBeOfType<NotFound>();
        (await Run(acme, draft)).Counts.ShouldBe(new Dictionary<string, long> { ["unclaimed"] = 10, ["notManagedHere"] = 1 },
            ignoreOrder: true);
        (await Here.Scalar<long>("select count(*) from accounts.account where managed_by is null and excluded_by = array[@acme]",
            new { acme = acme.Value })).ShouldBe(10);
        (await Here.Scalar<long>("select count(*) from accounts.account where managed_by = @acme and version = 2",
            new { acme = acme.Value })).ShouldBe(30);
        (await Here.Grant(new ReadAccount(free))).Version.ShouldBe(1);
        // Claiming all leaves them alone.
        (await Here.Grant(new ReviewBulk(acme, await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console)),
            default))).WillChange
            .ShouldBe(1);
    }

    [Fact, Trait("Rule", "D12"), Trait("Rule", "D13")]
    public async Task The_export_names_every_account_on_the_domain_and_who_claimed_it_with_formulas_made_harmless()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var domain = await Here.VerifiedDomain(acme, "acme.example", automatic: false);
        await Here.Account("ours@acme.example", "=cmd()", managedBy: acme);
        await Here.Account("theirs@acme.example", managedBy: globex);
        await Here.Account("free@acme.example");
        await Here.Account("newcomer@acme.example", verified: false);
        await Here.Account("other@globex.example");
        using var output = new MemoryStream();
        await Here.Grant(new StreamExport(acme, new(ManagedAccountFilter.Everybody, domain), TestInstallation.Console, output));
        var lines = Encoding.UTF8.GetString(output.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(4);
        lines.Single(l => l.Contains("ours@"))
            .ShouldSatisfyAllConditions(l => l.ShouldContain("by this organization"), l => l.ShouldNotStartWith("="));
        lines.Single(l => l.Contains("theirs@")).ShouldContain("by another organization");
        lines.Single(l => l.Contains("free@")).ShouldEndWith("no,yes,off");
        (await Here.Refuse(new StreamExport(globex, new(ManagedAccountFilter.Everybody, domain), TestInstallation.Console,
            new MemoryStream()))).ShouldBeOfType<NotFound>();
    }
}
