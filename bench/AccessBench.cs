using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Bench;

/// <summary>Checks of the door a second over keep-alive connections, by session and by API token, against an endpoint of the same host that
/// answers with nothing.</summary>
static class AccessBench
{
    const string Password = "correct horse", Email = "liam@acme.example";
    static readonly Origin Origin = new(null, "bench");

    public static async Task Run(int callers, int seconds, int rounds)
    {
        await using var server = await BenchServer.Start();
        await using var site = await GateBench.Serve(await server.Fresh("access"), unchecked_: false,
            app => app.MapGet("/empty", (HttpContext http) => Task.CompletedTask).Requires(Permission.Anyone, bearer: true));
        var mediator = site.Services.GetRequiredService<IMediator>();
        var organization = Expect(await mediator.Send(new CreateOrganization(new(Guid.CreateVersion7()), "acme", "Acme", Origin))).Id;
        await mediator.Send(new OfferApps([new("jira", "Jira")]));
        var place = Expect(await mediator.Send(new CreateSite(organization, "Team", "https://team.example", Origin)));
        Expect(await mediator.Send(new PutAppOnSite(place, "jira", Origin)));
        var account = new AccountId(Guid.CreateVersion7());
        Expect(await mediator.Send(new SignUpAccount(account, EmailAddress.Trusted(Email), "Liam", true, null, Origin)));
        Expect(await mediator.Send(new GivePassword([account], Password)));
        Expect(await mediator.Send(new InviteUsers(place, [Email], new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [], null,
            Origin)));
        var session = Expect(await mediator.Send(new SignIn(Email, Password, "Firefox", new Origin(null, "web")))).Token;
        var token = Expect(await mediator.Send(new CreateApiToken(account, "bench", 1, new Origin(account.Value, "web")))).Secret;
        var check = $"/access/check?site={place}&app=jira";
        (string What, string Path, string Header, string Value)[] asked =
            [("an empty endpoint", "/empty", "X-Nothing", "x"), ("checks by session", check, "Cookie", $"directory-session={session}"),
                ("checks by API token", check, "Authorization", $"Bearer {token}")];
        foreach (var (_, path, header, value) in asked) await GateBench.Measure(site, path, header, value, callers, 2);
        var taken = asked.ToDictionary(a => a.What, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
            foreach (var (what, path, header, value) in asked)
                taken[what].Add(await GateBench.Measure(site, path, header, value, callers, seconds));
        foreach (var (what, each) in taken)
            Figures.Row(what, ("a second", Figures.Median(each)), ("ratio", Figures.Median(each) / Figures.Median(taken[asked[0].What])));
        await site.StopAsync();
        Figures.Ratio(taken[asked[1].What].Zip(taken[asked[0].What], (ours, empty) => ours / empty));
    }

    static T Expect<T>(Outcome<T> outcome) where T : notnull =>
        outcome.Granted ? outcome.Value : throw new InvalidOperationException(outcome.Refusal.Sentence);
}
