using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Bench;

/// <summary>The fuzzer of the tests, for as long as one likes: many requests over the OpenAPI document, none of which may break anything or
/// show another organization's data (SPEC P4).</summary>
static class FuzzBench
{
    static readonly Origin Origin = new(null, "bench");

    public static async Task<int> Run(int requests, int seed)
    {
        await using var server = await BenchServer.Start();
        await using var site = await GateBench.Serve(await server.Fresh("fuzz"), unchecked_: false);
        var mediator = site.Services.GetRequiredService<IMediator>();
        await mediator.Send(new OfferApps([new("jira", "Jira")]));
        var (ids, key) = (new Dictionary<string, string[]>(), "");
        foreach (var name in (string[])["acme", "globex"])
        {
            var (organization, admin, person) = (new OrganizationId(Guid.CreateVersion7()), new AccountId(Guid.CreateVersion7()),
                new AccountId(Guid.CreateVersion7()));
            var by = new Origin(admin.Value, "bench");
            Expect(await mediator.Send(new CreateOrganization(organization, name, name, Origin)));
            Expect(await mediator.Send(new SignUpAccount(admin, EmailAddress.Trusted($"admin.{name}@mail.example"), "Admin", true, null,
                Origin)));
            Expect(await mediator.Send(new AppointOrganizationAdmin(admin, organization, Origin)));
            Expect(await mediator.Send(new SignUpAccount(person, EmailAddress.Trusted($"hidden.{name}@{name}.example"), $"Hidden {name}",
                true, null, Origin)));
            Expect(await mediator.Send(new ClaimAccount(person, organization, $"{name}.example", true, Origin)));
            var place = Expect(await mediator.Send(new CreateSite(organization, "Team", $"https://{name}.example", by)));
            Expect(await mediator.Send(new PutAppOnSite(place, "jira", by)));
            var group = Expect(await mediator.Send(new CreateGroup(organization, $"Hidden {name}", null, by)));
            Expect(await mediator.Send(new InviteUsers(place, [$"hidden.{name}@{name}.example"],
                new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [group], null, by)));
            var policy =
                Expect(await mediator.Send(new CreatePolicy(organization, PolicyDraft.Initial with { Name = $"Hidden {name}" }, by)));
            var domain = Expect(await mediator.Send(new AddDomain(organization, $"{name}.org", by)));
            if (name == "acme")
                key = Expect(
                    await mediator
                    .Send(new CreateApiKey(organization, admin, "fuzz", [.. ApiScopes.All.Select(s => s.Name())], 1, by))).Secret;
            foreach (var (what, value) in ((string, object)[])[
                ("orgId", organization), ("accountId", person), ("domainId", domain), ("groupId", group), ("policyId", policy),
                ("siteId", place)])
                ids[what] = [.. ids.GetValueOrDefault(what, []), $"{value}"];
        }
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new(site.Urls.First())
        };
        var fuzzer = new ApiFuzzer(client, key, ids, ["hidden.globex", "Hidden globex"], seed);
        var faults = new List<string>();
        var seconds = await Figures.Seconds(async () => faults.AddRange(await fuzzer.Run(requests)));
        foreach (var (status, count) in fuzzer.Statuses) Figures.Row($"answered {status}", ("times", count));
        Figures.Row("in all", ("a second", fuzzer.Statuses.Values.Sum() / seconds));
        foreach (var fault in faults) Console.WriteLine(fault);
        await site.StopAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{faults.Count} faults"));
        return faults.Count == 0 ? 0 : 1;
    }

    static T Expect<T>(Outcome<T> outcome) where T : notnull =>
        outcome.Granted ? outcome.Value : throw new InvalidOperationException(outcome.Refusal.Sentence);
}
