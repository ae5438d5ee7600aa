using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>A site's own admins give groups that mean their site alone, where the organization allows it (SPEC U13, U9).</summary>
[Trait("Rule", "U13"), Trait("Rule", "U9")]
public sealed class GiveSiteGroups : OnSite
{
    const string Password = "correct horse battery";

    GroupId _crew, _wide, _elsewhere, _empty, _ruled, _provided;
    SiteId _second;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _second = await NewSite(Acme, "second");
        _crew = await Group("Crew");
        (_wide, _elsewhere) = (await Group("Wide"), await Group("Elsewhere", _second));
        await Here.Grant(new GiveGroupAccess(Acme, _wide, _second, "trello", AppRole.User, By(Ada)));
        _empty = await Here.Grant(new CreateGroup(Acme, "Empty", null, By(Ada)));
        _ruled = await Group("Ruled");
        var policy = await Here.Grant(new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Strict" }, By(Ada)));
        await Here.Grant(new AddPolicyRule(Acme, policy, RuleAttribute.Group, "Ruled", By(Ada)));
        _provided = await Group("Provided");
        await Here.Rows<int>("update sites.grp set provided_by = gen_random_uuid(), provider = 'Entra ID' where id = @id returning 1",
            new { id = _provided.Value });
    }

    AddToGroup Add(GroupId group, AccountId account, SiteId? site = null) =>
        new(Acme, group, account, By(Ada)) { Site = site ?? Site };

    [Fact]
    public async Task Only_groups_that_open_something_on_the_site_and_nothing_else_are_given_and_taken()
    {
        var (sam, other) = (await User("sam@mail.example"), await User("other@mail.example", _second));
        (await Here.Refuse(Add(_crew, sam))).ShouldBeOfType<NotFound>("the organization has not allowed it");
        (await Here.Send(new ReadSiteGroups(Acme, Site, sam))).ShouldBeNull();
        await Here.Grant(new AllowSiteGroups(Acme, true, By(Ada)));

        foreach (var group in (GroupId[])[_wide, _elsewhere, _empty, _ruled, _provided, new(Guid.NewGuid())])
            (await Here.Refuse(Add(group, sam))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(Add(_crew, other))).ShouldBeOfType<NotAUserHere>("on another site of the organization");
        (await Here.Refuse(Add(_crew, other, _second))).ShouldBeOfType<NotFound>("of another site");
        var groups = (await Here.Send(new ReadSiteGroups(Acme, Site, sam)))!;
        (groups.In.Count, string.Join(",", groups.Others.Select(g => g.Name))).ShouldBe((0, "Crew"));

        await Here.Grant(Add(_crew, sam));
        (await Here.Refuse(Add(_crew, sam))).ShouldBeOfType<InGroupAlready>();
        (await Enters(sam)).Value.ShouldBe(AppRole.User);
        groups = (await Here.Send(new ReadSiteGroups(Acme, Site, sam)))!;
        (groups.In.Single().Id, groups.Others.Count).ShouldBe((_crew, 0));
        (await Here.Grant(new ReadHistory(new(Acme, Site), sam))).Rows[0].Line.History.Action.ShouldBe(SiteActions.AddedToGroup);

        // From the moment on at which it opens something elsewhere, it is the organization's.
        await Here.Grant(new GiveGroupAccess(Acme, _crew, _second, "jira", AppRole.User, By(Ada)));
        (await Here.Refuse(new RemoveFromGroup(Acme, _crew, sam, By(Ada)) { Site = Site })).ShouldBeOfType<NotFound>();
        await Here.Grant(new GiveGroupAccess(Acme, _crew, _second, "jira", null, By(Ada)));
        (await Here.Refuse(new RemoveFromGroup(Acme, _crew, other, By(Ada)) { Site = Site })).ShouldBeOfType<NotAUserHere>();
        await Here.Grant(new RemoveFromGroup(Acme, _crew, sam, By(Ada)) { Site = Site });
        (await Enters(sam)).Granted.ShouldBeFalse();

        // Another organization's site allows nothing here.
        var globex = await Here.Organization("globex");
        await Here.Grant(new AllowSiteGroups(globex, true, By(Ada)));
        await Here.Grant(new AllowSiteGroups(Acme, false, By(Ada)));
        (await Here.Refuse(Add(_crew, sam, await NewSite(globex, "theirs")))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(Add(_crew, sam))).ShouldBeOfType<NotFound>();
        await Here.Grant(new AddToGroup(Acme, _wide, sam, By(Ada)));
    }

    [Fact]
    public async Task An_invitation_names_the_sites_groups_to_its_admin_and_all_to_the_organizations()
    {
        await Here.Grant(new GivePassword([Ada, await User("sam@mail.example")], Password));
        await Here.Grant(new AppointSiteAdmin(Site, null, "sam@mail.example", By(Ada)));
        await Invite(Site, null, [_crew, _elsewhere, _empty], "new@mail.example");
        var waits = await Here.Scalar<Guid>("select id from sites.invitation");
        await using var node = await WholeSite.On(Here);
        foreach (var (email, groups) in ((string, string)[])[("sam@mail.example", "Crew"), ("ada@acme.example", "Crew, Elsewhere, Empty")])
        {
            using var admin = node.Somebody();
            await admin.SignIn(email, Password);
            using var page = await admin.Get($"/s/{Site}/invitations/{waits}");
            (await page.Content.ReadAsStringAsync()).ShouldContain($"<dd class=\"text-break\">{groups}</dd>", customMessage: email);
        }
    }

    [Fact, Trait("Rule", "S8")]
    public async Task The_profile_offers_them_to_the_sites_admin_and_to_nobody_below()
    {
        var liam = await User("liam@mail.example");
        foreach (var (name, app) in ((string, string?)[])[("sam", null), ("otto", "jira")])
        {
            await Here.Grant(new GivePassword([await User($"{name}@mail.example")], Password));
            await Here.Grant(new AppointSiteAdmin(Site, app, $"{name}@mail.example", By(Ada)));
        }
        await using var node = await WholeSite.On(Here);
        using SiteVisitor sam = node.Somebody(), otto = node.Somebody();
        await sam.SignIn("sam@mail.example", Password);
        await otto.SignIn("otto@mail.example", Password);
        var profile = $"/s/{Site}/users/{liam}";
        async Task<string> Page(SiteVisitor who) => await (await who.Get(profile)).Content.ReadAsStringAsync();
        (await Page(sam)).ShouldNotContain("Groups of this site");
        (await sam.Get($"{profile}/groups/add")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await Here.Grant(new AllowSiteGroups(Acme, true, By(Ada)));
        var page = await Page(sam);
        var token = SiteVisitor.TokenOf(page);
        page.ShouldContain("Groups of this site");
        page.ShouldContain("<option value=\"Crew\">");
        foreach (var hidden in (string[])["Wide", "Elsewhere", "Empty", "Ruled", "Provided"])
            page.ShouldNotContain($"<option value=\"{hidden}\">");
        (await Page(otto)).ShouldNotContain("Groups of this site");
        (await sam.Post($"{profile}/groups/add", ("Input.Name", "crew"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new ReadGroupsOf(Acme, liam))).ShouldBe([_crew]);
        using var wide = await sam.Post($"{profile}/groups/add", ("Input.Name", "Wide"));
        wide.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await wide.Content.ReadAsStringAsync()).ShouldContain("No group that you can give has this name.");
        await Here.Grant(new AddToGroup(Acme, _wide, liam, By(Ada)));
        (await sam.Send($"{profile}/groups/{_wide}/remove", token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await otto.Send($"{profile}/groups/{_crew}/remove", await otto.Token(profile))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Here.Send(new ReadGroupsOf(Acme, liam))).Count.ShouldBe(2);
        (await sam.Send($"{profile}/groups/{_crew}/remove", token)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new ReadGroupsOf(Acme, liam))).ShouldBe([_wide]);
    }
}
