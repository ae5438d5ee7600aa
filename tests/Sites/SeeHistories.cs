using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>What happened to a person, by pages, and to whom it is told (SPEC M2, U9).</summary>
public sealed class SeeHistories : OnSite
{
    async Task<IReadOnlyList<string>> Of(UserScope scope, AccountId account) =>
        [.. (await Here.Grant(new ReadHistory(scope, account))).Rows.Select(l => l.Line.History.Action)];

    [Fact, Trait("Rule", "M2"), Trait("Rule", "M10"), Trait("Rule", "U9")]
    public async Task Each_is_told_what_concerns_it_and_every_line_stands_on_one_page()
    {
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        var liam = await User("liam@acme.example");
        var second = await NewSite(Acme, "second");
        await Invite(second, JiraUser, null, "liam@acme.example");
        for (var i = 0; i < 4; i++)
            await Here.Grant(new GiveRole(Site, liam, "trello", i % 2 == 0 ? AppRole.User : null, null, By(Ada)));
        var globex = await Here.Organization("globex");
        await Invite(await NewSite(globex, "theirs"), JiraUser, null, "liam@acme.example");

        // Not managed: what this organization did, and nothing of the person's own or of anybody else.
        var before = await Of(new(Acme), liam);
        before.ShouldNotContain(nameof(AccountSignedUp));
        before.Count(a => a == SiteActions.UserAdded).ShouldBe(2);
        (await Of(new(globex), liam)).Count(a => a == SiteActions.UserAdded).ShouldBe(1);
        (await Of(new(Acme, second), liam)).ShouldNotContain(SiteActions.AppRoleTaken);
        (await Of(new(Acme, Site), liam)).Count(a => a == SiteActions.AppRoleTaken).ShouldBe(2);

        // Managed: from the beginning.
        await Here.Grant(new ClaimAccount(liam, Acme, "acme.example", true, By(Ada)));
        var whole = await Of(new(Acme), liam);
        whole[0].ShouldBe(nameof(AccountClaimed));
        whole.Count(a => a == SiteActions.UserAdded).ShouldBe(2);
        whole.Skip(1).Take(before.Count).ShouldBe(before);
        (await Of(new(globex), liam)).ShouldNotContain(nameof(AccountClaimed));

        var walked = new List<string>();
        for (string? at = null; ;)
        {
            var page = await Here.Grant(new ReadHistory(new(Acme), liam, at, 3));
            walked.AddRange(page.Rows.Select(l => l.Line.History.Action));
            if ((at = page.Next) is null) break;
        }
        walked.ShouldBe(whole);
        (await Here.Refuse(new ReadHistory(new(Acme), liam, "nonsense"))).ShouldBeOfType<BrokenCursor>();
    }
}
