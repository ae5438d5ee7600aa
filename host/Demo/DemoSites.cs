using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Sites;
using MediatR;

namespace DirectoryPlatform.Host.Demo;

/// <summary>The demo's two sites with a little of everything on them (SPEC R3): users, a group, somebody external, somebody suspended, and
/// an invitation that waits.</summary>
static class DemoSites
{
    static readonly Origin Origin = new(null, "demo");

    public static readonly IReadOnlyList<AppView> Apps =
        [new("jira", "Jira"), new("confluence", "Confluence"), new("bitbucket", "Bitbucket"), new("trello", "Trello")];

    public static async Task Make(IMediator mediator, OrganizationId acme, AccountId unclaimed)
    {
        await mediator.Send(new OfferApps(Apps));
        var engineering = Expect(await mediator.Send(new CreateSite(acme, "Acme Engineering", "https://engineering.acme.example", Origin)));
        var support = Expect(await mediator.Send(new CreateSite(acme, "Acme Support", "https://support.acme.example", Origin)));
        foreach (var (site, apps) in ((SiteId, string[])[])[
            (engineering, ["jira", "confluence", "bitbucket"]), (support, ["jira", "trello"])])
            foreach (var app in apps) Expect(await mediator.Send(new PutAppOnSite(site, app, Origin)));
        var developers = Expect(await mediator.Send(new CreateGroup(acme, "Developers", "Everyone who writes code", Origin)));
        Expect(await mediator.Send(new GiveGroupAccess(acme, developers, engineering, "bitbucket", AppRole.User, Origin)));
        var user = new Dictionary<string, AppRole> { ["jira"] = AppRole.User };
        var admin = new Dictionary<string, AppRole> { ["jira"] = AppRole.Admin, ["confluence"] = AppRole.Admin };
        Expect(await mediator.Send(new InviteUsers(engineering, ["ada@acme.example"], admin, [developers], null, Origin)));
        Expect(await mediator.Send(new InviteUsers(
            engineering, ["liam@acme.example", "jane@mail.example", "jane@acme.example"], user, [developers], null, Origin)));
        Expect(await mediator.Send(new InviteUsers(
            engineering, ["newcomer@mail.example"], user, [], "We look forward to working with you.", Origin)));
        Expect(await mediator.Send(new InviteUsers(support, ["ada@acme.example", "liam@acme.example"], user, [], null, Origin)));
        Expect((await mediator.Send(new ChangeMembership(acme, engineering, [unclaimed], MembershipChange.Suspend, Origin)))[0]);
    }

    static T Expect<T>(Outcome<T> outcome) where T : notnull =>
        outcome.Granted
            ? outcome.Value
            : throw new InvalidOperationException($"The demo's sites could not be made: {outcome.Refusal.Sentence}");
}
