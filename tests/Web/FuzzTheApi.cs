using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Hundreds of requests over the document, 2,000 when whole (SPEC P4); <c>bench fuzz</c> asks many more.</summary>
[Trait("Rule", "P4"), Trait("Rule", "S8"), Trait("Run", "Fuzz")]
public sealed class FuzzTheApi : OnApi
{
    [Fact]
    public async Task Nothing_breaks_and_nothing_foreign_is_seen()
    {
        await Here.Send(new OfferApps([new("jira", "Jira")]));
        var ids = new Dictionary<string, string[]>();
        var gill = await Here.Account("gill.secret@globex.example", "Gill Topsecret", managedBy: Globex);
        foreach (var (organization, admin, person) in ((OrganizationId, AccountId, AccountId)[])[(Acme, Ada, Liam), (Globex, Gus, gill)])
        {
            var site = await Here.Grant(new CreateSite(organization, "Team", $"https://team-{organization}.example", By(admin)));
            await Here.Grant(new PutAppOnSite(site, "jira", By(admin)));
            var group = await Here
                .Grant(new CreateGroup(organization, organization == Acme ? "Developers" : "Hidden crew", null, By(admin)));
            await Here.Grant(new InviteUsers(site, [(await Here.Grant(new ReadAccount(person))).Email],
                new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [group], null, By(admin)));
            var policy =
                await Here.Grant(new CreatePolicy(organization,
                    PolicyDraft.Initial with { Name = organization == Acme ? "Contractors" : "Hidden policy" }, By(admin)));
            var domain = (await Here.Send(new ReadDomains(organization))).Single().Id;
            var job = await Here.Grant(
                new ConfirmBulk(organization, await Here.Grant(new BeginClaim(organization, domain, null, By(admin))), null, null, false,
                    false, null, By(admin)));
            var token = (
                await Here.Grant(new CreateApiToken(person, organization == Acme ? "Backup" : "Hidden token", 90, By(person)))).Token.Id;
            foreach (var (name, value) in ((string, object)[])[
                ("orgId", organization), ("accountId", person), ("domainId", domain), ("groupId", group), ("policyId", policy),
                ("jobId", job), ("tokenId", token), ("siteId", site)])
                ids[name] = [.. ids.GetValueOrDefault(name, []), $"{value}"];
        }
        using var client = Site.Somebody().Client;
        var fuzzer = new ApiFuzzer(client, (await Key(Acme, Ada)).Secret, ids,
            ["gill.secret", "Topsecret", "Hidden crew", "Hidden policy", "Hidden token", "gus@globex.example"], seed: 20261122);
        var before = await Here.Grant(new ReadAccount(gill));
        (await fuzzer.Run(Proof.Size("Fuzz", 300, 2_000), (method, path, status, type, said) =>
        {
            // A key's bucket fills sooner than it is emptied.
            Here.Clock.Pass(TimeSpan.FromMilliseconds(100));
            ApiContract.Hold(method, path, status, type, said.Length > 0 && type?.MediaType == "application/json"
                ? JsonDocument.Parse(said).RootElement
                : default);
        })).ShouldBeEmpty();
        var right = fuzzer.Statuses.Where(s => s.Key < 300).Sum(s => s.Value);
        right.ShouldBeGreaterThan(Proof.Size("Fuzz", 30, 200), "a tenth of it must be right");
        fuzzer.Statuses.Keys.ShouldBeSubsetOf([200, 201, 202, 204, 206, 400, 403, 404, 405, 409, 413, 414, 415, 422, 501],
            string.Join(' ', fuzzer.Statuses));
        (await Here.Grant(new ReadAccount(gill))).Version.ShouldBe(before.Version);
    }
}
