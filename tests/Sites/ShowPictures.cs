using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Sites;

public sealed class ShowPictures : OnSite
{
    [Fact, Trait("Rule", "M5"), Trait("Rule", "U9")]
    public async Task A_picture_is_for_whoever_sees_the_users_of_a_site_the_person_is_on()
    {
        var (other, globex) = (await NewSite(Acme, "other"), await Here.Organization("globex"));
        var (liam, stranger) = (await User("liam@mail.example"), await Here.Account("stranger@mail.example"));
        await Invite(Site, null, null, "waiting@mail.example");
        var invitation = await Here.Scalar<Guid>("select id from sites.invitation");
        foreach (var (scope, account, may) in ((UserScope, Guid, bool)[])
            [(new(Acme, Site), liam.Value, true), (new(Acme), liam.Value, true), (new(Acme, other), liam.Value, false),
                (new(globex), liam.Value, false), (new(globex, Site), liam.Value, false), (new(Acme), stranger.Value, false),
                (new(Acme, Site), invitation, false)])
            (await Here.Send(new IsUser(scope, new(account)))).ShouldBe(may, $"{scope} {account}");
        await Change(MembershipChange.Remove, liam);
        (await Here.Send(new IsUser(new(Acme), liam))).ShouldBeFalse();
    }
}
