using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>Suspending, restoring and removing what a list shows (SPEC U4, U5, A10): preview, job, results, and the way back.</summary>
[Trait("Rule", "U4"), Trait("Rule", "U5"), Trait("Rule", "A10")]
public sealed class ChangeManyUsers : ManyOnSite
{
    Task<BulkDraftId> All(MembershipChange change, SiteId? site, UserFilter? filter = null) =>
        Here.Grant(new PrepareUserChange(new(Acme, site), change, null, filter, By(Ada)));

    Task<BulkDraftId> Checked(MembershipChange change, SiteId? site, params AccountId[] accounts) =>
        Here.Grant(new PrepareUserChange(new(Acme, site), change, accounts, null, By(Ada)));

    [Fact, Trait("Rule", "C8"), Trait("Rule", "C9")]
    public async Task What_the_preview_says_is_done_to_all_that_match_and_undone_for_exactly_those()
    {
        var (liam, mia, noa) = (await User("liam@mail.example", roles: JiraUser), await User("mia@mail.example", roles: JiraUser),
            await User("noa@else.example", roles: JiraUser));
        await User("ada@acme.example".Replace("ada", "zoe"), roles: JiraUser);
        await Invite(Site, null, null, "ada@acme.example", "waiting@mail.example");
        await Change(MembershipChange.Suspend, mia, Site);
        var draft = await All(MembershipChange.Suspend, Site);
        var review = await Review(draft, Site);
        (review.WillChange, review.Action, review.Target, review.LeftOut).ShouldBe((3, UserActions.Suspend, "team", 0));
        review.Refused.ToDictionary(r => r.Code, r => r.Accounts)
            .ShouldBe(new Dictionary<string, long> { ["alreadySuspended"] = 1, ["suspendYourself"] = 1 }, ignoreOrder: true);
        (await Enters(liam)).Granted.ShouldBeTrue("a preview changes nothing");
        using var preview = new MemoryStream();
        await Here.Grant(new ExportBulkReview(Acme, draft, Ada, preview) { Site = Site });
        Lines(preview).Count(l => l.EndsWith("will be suspended", StringComparison.Ordinal)).ShouldBe(3);

        var job = await Confirm(draft, Site);
        job.Counts.ShouldBe(new Dictionary<string, long> { ["suspended"] = 3, ["alreadySuspended"] = 1, ["suspendYourself"] = 1 },
            ignoreOrder: true);
        ((await Enters(liam)).Refusal, (await Enters(noa)).Refusal).ShouldBe((new SuspendedOnThisSite(), new SuspendedOnThisSite()));
        (await Results(job.Id)).Single(l => l.Contains("mia@", StringComparison.Ordinal))
            .ShouldBe($"Some Body,mia@mail.example,{mia},alreadySuspended");
        (await Here.Scalar<long>("""
            select count(*) from kernel.audit_entry where action = 'UserSuspended' and job_id = @job and actor_id = @ada and means = 'job'
            """, new { job = job.Id.Value, ada = Ada.Value })).ShouldBe(3);

        var undo = await Here.Grant(new PrepareUndo(Acme, job.Id, By(Ada)));
        undo.Site.ShouldBe(Site);
        var back = await Review(undo.Draft, Site);
        (back.WillChange, back.Action, back.Undoes).ShouldBe((3, UserActions.Restore, job.Id));
        (await Confirm(undo.Draft, Site)).Counts.ShouldBe(new Dictionary<string, long> { ["restored"] = 3 });
        (await Enters(liam)).Value.ShouldBe(AppRole.User);
        (await Enters(mia)).Refusal.ShouldBeOfType<SuspendedOnThisSite>("who was suspended before stays so");
    }

    [Fact, Trait("Rule", "M11")]
    public async Task A_list_of_addresses_is_acted_on_and_who_is_no_user_there_is_told_with_the_line()
    {
        var other = await NewSite(Acme, "other");
        var liam = await User("liam@mail.example", roles: JiraUser);
        await User("mia@mail.example", other);
        await Here.Account("stranger@mail.example");
        var draft = await Here.Grant(new DraftChangeByList(Acme, Site, MembershipChange.Suspend, AddressInput.Of(
            "LIAM@mail.example; mia@mail.example\nstranger@mail.example\nnot an address"), By(Ada)));
        var review = await Review(draft, Site);
        (review.WillChange, review.BadLineCount).ShouldBe((1, 3));
        review.BadLines.Select(l => (l.Line, l.Text)).ShouldBe(
            [(1, "mia@mail.example"), (2, "stranger@mail.example"), (3, "not an address")], ignoreOrder: true);
        (await Confirm(draft, Site)).Counts.ShouldBe(new Dictionary<string, long> { ["suspended"] = 1 });
        (await Enters(liam)).Refusal.ShouldBeOfType<SuspendedOnThisSite>();
        (await Here.Refuse(new DraftChangeByList(Acme, Site, MembershipChange.Suspend, AddressInput.Of(" "), By(Ada))))
            .ShouldBeOfType<NobodyChosen>();
    }

    [Fact]
    public async Task On_all_sites_an_undo_opens_only_what_the_job_closed()
    {
        var other = await NewSite(Acme, "other");
        var (liam, mia) = (await User("liam@mail.example", roles: JiraUser), await User("mia@mail.example", roles: JiraUser));
        await Invite(other, JiraUser, null, "liam@mail.example", "mia@mail.example");
        await Change(MembershipChange.Suspend, liam, other);
        var draft = await All(MembershipChange.Suspend, null);
        string.Join(' ', (await Review(draft, null)).Words.Consequences).ShouldSatisfyAllConditions(
            all => all.ShouldContain("any app of any site"), all => all.ShouldNotContain("other sites"));
        var job = await Confirm(draft, null);
        job.Counts.ShouldBe(new Dictionary<string, long> { ["suspended"] = 2 });
        (await Here.Scalar<long>("select count(*) from sites.site_member where status = 3")).ShouldBe(4);
        var undo = await Here.Grant(new PrepareUndo(Acme, job.Id, By(Ada)));
        undo.Site.ShouldBeNull();
        (await Review(undo.Draft, null)).WillChange.ShouldBe(2);
        await Confirm(undo.Draft, null);
        ((await Enters(liam)).Granted, (await Enters(liam, site: other)).Granted, (await Enters(mia, site: other)).Granted)
            .ShouldBe((true, false, true));
        (await Here.Refuse(new ReadSiteJob(Site, job.Id))).ShouldBeOfType<NotFound>("work on all sites is not one site's business");
    }

    [Fact, Trait("Rule", "C9")]
    public async Task An_undo_leaves_alone_who_was_suspended_again_since_on_each_site()
    {
        var other = await NewSite(Acme, "other");
        var (liam, mia) = (await User("liam@mail.example", roles: JiraUser), await User("mia@mail.example", roles: JiraUser));
        await Invite(other, JiraUser, null, "mia@mail.example");
        var job = await Confirm(await All(MembershipChange.Suspend, null), null);
        foreach (var person in (AccountId[])[liam, mia])
        {
            Here.Clock.Pass(TimeSpan.FromMinutes(1));
            (await Change(MembershipChange.Restore, person, Site)).Granted.ShouldBeTrue();
            Here.Clock.Pass(TimeSpan.FromMinutes(1));
            (await Change(MembershipChange.Suspend, person, Site)).Granted.ShouldBeTrue();
        }
        var undo = (await Here.Grant(new PrepareUndo(Acme, job.Id, By(Ada)))).Draft;
        var review = await Review(undo, null);
        (review.WillChange, review.Refused.Single().Code).ShouldBe((1, "suspendedSince"));
        (await Confirm(undo, null)).Counts.ShouldBe(new Dictionary<string, long> { ["restored"] = 1, ["suspendedSince"] = 1 },
            ignoreOrder: true);
        ((await Enters(liam)).Granted, (await Enters(mia)).Granted, (await Enters(mia, site: other)).Granted)
            .ShouldBe((false, false, true), "somebody has decided anew here, and not there");
    }

    [Fact]
    public async Task A_removal_says_what_goes_and_takes_exactly_that()
    {
        var other = await NewSite(Acme, "other");
        var (here, there) = (await Group("Developers"), await Group("Elsewhere", other));
        var (liam, mia) = (await User("liam@mail.example", roles: JiraUser, groups: [here, there]),
            await User("mia@mail.example", roles: JiraUser, groups: [here, there]));
        await Invite(other, JiraUser, null, "mia@mail.example");
        var review = await Review(await All(MembershipChange.Remove, Site, new(Search: "mia@")), Site);
        review.WillChange.ShouldBe(1);
        review.Details.Select(d => d.Value).ShouldBe(["Developers", "1"], "the other group opens another site, on which she stays");
        var draft = await All(MembershipChange.Remove, Site);
        (await Review(draft, Site)).Details[0].Value.ShouldBe("Developers, Elsewhere", "with the last site all groups go");
        var job = await Confirm(draft, Site);
        job.Counts.ShouldBe(new Dictionary<string, long> { ["removed"] = 2 });
        (await Here.Rows<(Guid, Guid)>("select account_id, group_id from sites.group_member")).ShouldBe([(mia.Value, there.Value)]);
        (await Enters(liam)).Refusal.ShouldBeOfType<NotOnThisSite>();
        (await Enters(mia, site: other)).Granted.ShouldBeTrue();
        (await Here.Refuse(new PrepareUndo(Acme, job.Id, By(Ada)))).ShouldBeOfType<NotUndoable>();
    }

    [Fact, Trait("Rule", "S8")]
    public async Task Checked_ids_of_strangers_are_left_out_and_named_nowhere()
    {
        var other = await NewSite(Acme, "other");
        var (liam, elsewhere, stranger) = (await User("liam@mail.example"), await User("mia@mail.example", other),
            await Here.Account("stranger@mail.example", "Secret Name"));
        var draft = await Checked(MembershipChange.Remove, Site, liam, elsewhere, stranger, new AccountId(Guid.NewGuid()));
        var review = await Review(draft, Site);
        (review.WillChange, review.LeftOut).ShouldBe((1, 3));
        using var preview = new MemoryStream();
        await Here.Grant(new ExportBulkReview(Acme, draft, Ada, preview) { Site = Site });
        Lines(preview).Length.ShouldBe(2);
        (await Here.Refuse(new PrepareUserChange(new(Acme, Site), MembershipChange.Suspend, [], null, By(Ada))))
            .ShouldBeOfType<NobodyChosen>();
        (await Here.Refuse(new PrepareUserChange(new(Acme, Site), MembershipChange.Suspend, null, new(Search: "nobody at all"), By(Ada))))
            .ShouldBeOfType<NobodyChosen>();
        var globex = await Here.Organization("globex");
        (await Here.Refuse(new ReviewBulk(globex, draft, Ada) { Site = Site })).ShouldBeOfType<NotFound>();
    }

    [Fact]
    public async Task Who_changed_meanwhile_is_answered_and_left_alone()
    {
        var (liam, mia) = (await User("liam@mail.example"), await User("mia@mail.example"));
        var draft = await Checked(MembershipChange.Suspend, Site, liam, mia);
        await Change(MembershipChange.Remove, mia, Site);
        var late = await User("late@mail.example");
        (await Confirm(draft, Site)).Counts.ShouldBe(new Dictionary<string, long> { ["suspended"] = 1, ["notFound"] = 1 },
            ignoreOrder: true);
        (await Here.Scalar<short>("select status from sites.site_member where account_id = @late", new { late = late.Value }))
            .ShouldBe((short)1, "who came after the preview was not meant");
    }

    [Fact]
    public async Task Thousands_are_suspended_and_restored_by_two_workers()
    {
        var many = Proof.Size(1_000, 25_000);
        await using var node = InChunks();
        await Crowd(many);
        var draft = await All(MembershipChange.Suspend, Site);
        var review = await Review(draft, Site);
        (review.WillChange, review.MustType).ShouldBe((many, true));
        (await Here.Refuse(new ConfirmBulk(Acme, draft, null, null, false, false, "25", By(Ada)) { Site = Site }))
            .ShouldBeOfType<TypedWrong>();
        var job = await Confirm(draft, Site, $"{many:N0}".Replace(',', ' '), node);
        (job.Done, job.Counts["suspended"]).ShouldBe((many, many));
        (await Here.Scalar<long>("select count(*) from kernel.job_range where job_id = @job", new { job = job.Id.Value })).ShouldBe(2);
        (await Here.Scalar<long>("select count(distinct subject_id) from kernel.audit_entry where job_id = @job",
            new { job = job.Id.Value })).ShouldBe(many);
        (await Here.Scalar<long>("select count(*) from sites.listed where status = 3")).ShouldBe(2 * many);
        var undo = (await Here.Grant(new PrepareUndo(Acme, job.Id, By(Ada)))).Draft;
        (await Confirm(undo, Site, $"{many}", node)).Counts.ShouldBe(new Dictionary<string, long> { ["restored"] = many });
        (await Here.Scalar<long>("select count(*) from sites.listed where status = 1")).ShouldBe(2 * many);
    }
}
