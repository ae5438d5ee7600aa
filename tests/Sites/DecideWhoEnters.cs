using DirectoryPlatform.Accounts;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Words;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>The one decision, over every combination of what counts.</summary>
[Trait("Rule", "U10"), Trait("Rule", "U11")]
public sealed class DecideWhoEnters
{
    static readonly GroupRole Users = new(new(Guid.NewGuid()), "Developers", AppRole.User),
    Admins = new(new(Guid.NewGuid()), "Owners", AppRole.Admin);

    static IEnumerable<Standing> Every() =>
        from state in Enum.GetValues<AccountState>().Select(s => (AccountState?)s).Append(null)
        from app in (bool[])[true, false]
        from status in Enum.GetValues<UserStatus>().Select(s => (UserStatus?)s).Append(null)
        from direct in (AppRole?[])[null, AppRole.User, AppRole.Admin]
        from groups in (GroupRole[][])[[], [Users], [Admins], [Users, Admins]]
        select new Standing(default, state, app, status, direct, groups);

    [Fact]
    public void Only_an_active_account_that_is_active_on_the_site_with_a_role_or_a_group_enters()
    {
        var entering = Every().Where(s => s.MayEnter().Granted).ToList();
        entering.Count.ShouldBe(3 * 4 - 1);
        entering.ShouldAllBe(s => s.State == AccountState.Active && s.AppOnSite && s.Status == UserStatus.Active
            && (s.Direct != null || s.Groups.Count > 0));
    }

    [Fact]
    public void The_greatest_role_holds() =>
        Every().Where(s => s.MayEnter().Granted)
            .ShouldAllBe(s =>
                s.MayEnter().Value == (s.Direct == AppRole.Admin || s.Groups.Contains(Admins) ? AppRole.Admin : AppRole.User));

    [Fact]
    public void Suspending_and_deactivating_stop_everybody_and_the_page_says_what_the_door_says()
    {
        foreach (var standing in Every())
        {
            standing.Suspended.MayEnter().Granted.ShouldBeFalse();
            standing.Deactivated.MayEnter().Granted.ShouldBeFalse();
            var words = WhyWords.Of(standing, "Liam", "Jira");
            words.Enters.ShouldBe(standing.MayEnter().Granted);
            words.Verdict.ShouldStartWith(words.Enters ? "Liam can use Jira" : "Liam cannot use Jira: ");
            words.Reasons.Count.ShouldBeGreaterThan(3);
            words.Reasons.Take(2).All(r => r.Opens).ShouldBe(standing is { State: AccountState.Active, Status: UserStatus.Active });
            words.Reasons.ShouldContain(r => r.Opens == words.Enters);
            words.WhatIf.ShouldContain(w => w.What == "were removed from the site"
                && !w.Then.StartsWith("Gets access", StringComparison.Ordinal));
            // Nobody gets what they have.
            words.WhatIf.Where(w => w.Then.StartsWith("Gets access", StringComparison.Ordinal)).ShouldAllBe(_ => !words.Enters);
        }
        var both = new Standing(default, AccountState.Active, true, UserStatus.Active, AppRole.User, [Users]);
        WhyWords.Of(both, "Liam", "Jira").WhatIf.Single(w => w.What == "left the group Developers").Then
            .ShouldBe("No change: still has access, as user.");
        WhyWords.Of(both with { Direct = null }, "Liam", "Jira").WhatIf.Single(w => w.What == "left the group Developers").Then
            .ShouldBe("Loses access: no role or group gives access to the app.");
        WhyWords.Of(both with { Direct = AppRole.Admin }, "Liam", "Jira").WhatIf.Single(w => w.What == "lost their direct role").Then
            .ShouldBe("Keeps access, as user only.");
    }
}
