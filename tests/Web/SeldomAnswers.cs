using System.Net;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Documented answers that no job of an admin meets on its way (SPEC P3).</summary>
[Trait("Rule", "P3")]
public sealed class SeldomAnswers : OnApi
{
    string V1 => $"/admin/v1/orgs/{Acme}";

    static string? StateOf(JsonElement answer) => answer.GetProperty("data").GetProperty("attributes").GetProperty("state").GetString();

    static string IdOf(JsonElement answer) => answer.GetProperty("data").GetProperty("id").GetString()!;

    [Fact]
    public async Task Nothing_is_claimed_unclaimed_or_exported_on_a_domain_that_is_not_verified()
    {
        var domain = await Here.Grant(new AddDomain(Acme, "later.example", By(Ada)));
        foreach (var verb in (string[])["claim", "unclaim"])
            await Program.Expect(HttpStatusCode.Conflict, "POST", $"{V1}/domains/{domain}/{verb}/preview");
        await Program.Expect(HttpStatusCode.Conflict, "GET", $"{V1}/domains/{domain}/exclusions");
        await Program.Expect(HttpStatusCode.Conflict, "POST", $"{V1}/exports", new { domainId = domain.Value });
        var own = (await Here.Send(new ReadDomains(Acme))).Single(d => d.Name == "acme.example").Id;
        (await Program.Expect(HttpStatusCode.OK, "POST", $"{V1}/domains/{own}/unclaim/preview")).ToString().ShouldContain("previews");
    }

    [Fact]
    public async Task The_default_policy_stays() =>
        await Program.Expect(HttpStatusCode.Conflict, "DELETE",
            $"{V1}/authentication-policies/{(await Here.Send(new ReadPolicies(Acme))).Single(p => p.IsDefault).Id}");

    [Fact]
    public async Task A_job_is_cancelled_and_goes_on_and_its_file_can_be_fetched()
    {
        var job = IdOf(await Program.Expect(HttpStatusCode.Accepted, "POST", $"{V1}/exports"));
        await Here.Until(async () => StateOf(await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/jobs/{job}")) == "done",
            what: "the job did not end");
        Here.Clock.Pass(TimeSpan.FromSeconds(5));
        await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/exports/{job}/file");
        // As if it were still at work: a job of a few accounts ends sooner than anybody could cancel it.
        await Here.Scalar<int>("update kernel.job set state = 1, ended_at = null where id = @id", new { id = Guid.Parse(job) });
        StateOf(await Program.Expect(HttpStatusCode.OK, "POST", $"{V1}/jobs/{job}/cancel")).ShouldBe("cancelled");
        StateOf(await Program.Expect(HttpStatusCode.OK, "POST", $"{V1}/jobs/{job}/resume")).ShouldBe("done");
    }

    [Fact, Trait("Rule", "P1")]
    public async Task A_job_is_resumed_only_by_a_key_that_may_begin_it()
    {
        foreach (var (action, scope) in ((string, ApiScope)[])[
            (ManyAccounts.Delete, ApiScope.AccountsManage), (ManyAccounts.Unclaim, ApiScope.DomainsManage)])
        {
            var draft = await Here.Grant(new PrepareBulk(Acme, action, [Liam], null, By(Ada)));
            var job = await Here.Grant(new ConfirmBulk(Acme, draft, null, null, false, true, null, By(Ada)));
            await Here.Until(async () => StateOf(await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/jobs/{job}")) == "done",
                what: "the job did not end");
            // As above.
            await Here.Scalar<int>("update kernel.job set state = 2 where id = @id", new { id = job.Value });
            using var without = With((await Key(Acme, Ada, [.. ApiScopes.All.Where(s => s != scope)])).Secret);
            (await without.Expect(HttpStatusCode.Forbidden, "POST", $"{V1}/jobs/{job}/resume")).ToString().ShouldContain(scope.Name());
            StateOf(await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/jobs/{job}")).ShouldBe("cancelled");
            using var with = With((await Key(Acme, Ada, ApiScope.JobsManage, scope)).Secret);
            StateOf(await with.Expect(HttpStatusCode.OK, "POST", $"{V1}/jobs/{job}/resume")).ShouldBe("done");
        }
    }
}
