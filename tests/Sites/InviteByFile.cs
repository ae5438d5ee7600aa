using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>A file of addresses (SPEC U3): read, looked through, then invited by a job.</summary>
[Trait("Rule", "U3")]
public sealed class InviteByFile : ManyOnSite
{
    Task<Outcome<BulkDraftId>> Draft(Stream file, GroupId[]? groups = null) =>
        Here.Send(new DraftInvitations(Site, AddressInput.Of(file), null, JiraUser, groups ?? [], "Welcome", By(Ada)));

    [Fact, Trait("Rule", "C8")]
    public async Task The_preview_says_what_the_job_does_and_the_job_what_became_of_each_line()
    {
        var group = await Group("Developers", app: "trello");
        await User("there@mail.example");
        await Here.Account("active@mail.example");
        await Invite(Site, null, null, "waiting@mail.example");
        var mails = await Here.Scalar<long>("select count(*) from kernel.mail");
        var file = File("email\r\nFIRST@mail.example\r\nactive@mail.example\r\n\r\nthere@mail.example\r\nnonsense\r\n"
            + "waiting@mail.example\r\nfirst@mail.example\r\n\"second@mail.example\"\r\na@mail.example,too much\r\n");
        var draft = (await Draft(file, [group])).Value;
        var review = await Review(draft, Site);
        review.Will.ShouldBe(new Dictionary<string, long> { ["invited"] = 2, ["addedAtOnce"] = 1 }, ignoreOrder: true);
        review.Refused.ToDictionary(r => r.Code, r => r.Accounts)
            .ShouldBe(new Dictionary<string, long> { ["alreadyUserHere"] = 1, ["invitedAlready"] = 1 }, ignoreOrder: true);
        review.BadLines.Select(b => (b.Line, b.Text)).ShouldBe([(6, "nonsense"), (10, "a@mail.example,too much")]);
        review.Target.ShouldBe("team");
        review.Details.Select(d => d.Value).ShouldBe(["Jira: user", "Developers", "Welcome"]);
        (await Here.Scalar<long>("select count(*) from kernel.mail")).ShouldBe(mails, "a preview writes nothing");
        (await Here.Scalar<long>("select count(*) from sites.invitation")).ShouldBe(1);
        using var preview = new MemoryStream();
        await Here.Grant(new ExportBulkReview(Acme, draft, Ada, preview) { Site = Site });
        Lines(preview)
            .ShouldBe(["Line,Email,Result", "2,first@mail.example,will be invited by email", "3,active@mail.example,will be added at once",
                "5,there@mail.example,Already a user of this site.",
            $"7,waiting@mail.example,{new InvitedAlready().Sentence}", "9,second@mail.example,will be invited by email"]);

        var job = await Confirm(draft, Site);
        (job.State, job.Title).ShouldBe((JobState.Done, "Invite 3 people to team"));
        job.Counts.ShouldBe(new Dictionary<string, long>
        {
            ["invited"] = 2,
            ["addedAtOnce"] = 1,
            ["alreadyUserHere"] = 1,
            ["invitedAlready"] = 1
        }, ignoreOrder: true);
        (await Results(job.Id))
            .ShouldBe(["Line,Email,Result", "2,first@mail.example,invited", "3,active@mail.example,addedAtOnce",
                "5,there@mail.example,alreadyUserHere", "7,waiting@mail.example,invitedAlready", "9,second@mail.example,invited"]);
        (await Here.Rows<string>(
            "select recipient from kernel.mail where template = 'invitation' and recipient <> 'waiting@mail.example' order by recipient"))
            .ShouldBe(["first@mail.example", "second@mail.example"]);
        var active = (await Here.Send(new FindAccount(EmailAddress.Trusted("active@mail.example"))))!;
        ((await Enters(active.Id)).Granted, (await Enters(active.Id, "trello")).Granted).ShouldBe((true, true));
        (await Here.Rows<(string, Guid?)>(
            "select action, job_id from kernel.audit_entry where action in ('UserAdded', 'UserInvited') and job_id is not null"))
            .Count.ShouldBe(3);
        (await Here.Grant(new JoinByInvitation(await Link("second@mail.example"), "Second", "a good long password 7",
            TestInstallation.Console))).ShouldBe(Site);

        (await Here.Grant(new ConfirmBulk(Acme, draft, null, null, false, false, null, By(Ada)) { Site = Site }))
            .ShouldBe(job.Id, "a second click is the same job");
        (await Here.Refuse(new ReviewBulk(Acme, draft, Ada) { Site = Site })).ShouldBeOfType<DraftVoid>();
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'invitation'")).ShouldBe(3);
    }

    static string Many(int rows) => string.Concat(Enumerable.Range(0, rows).Select(i => $"p{i}@mail.example\n"));

    static readonly Dictionary<string, (byte[] File, string Code)> Bad = new()
    {
        ["10,001 rows"] = (Encoding.ASCII.GetBytes(Many(10_001)), "tooManyAddresses"),
        ["6 MB"] = (Encoding.ASCII.GetBytes(new string('x', 6 * 1024 * 1024)), "fileTooLarge"),
        ["a picture"] = ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], "fileUnreadable"),
        ["nothing"] = ([], "fileEmpty"),
        ["a head alone"] = (Encoding.ASCII.GetBytes("email\r\n"), "fileEmpty"),
    };

    public static TheoryData<string> BadFiles => [.. Bad.Keys];

    [Theory, MemberData(nameof(BadFiles))]
    public async Task A_file_that_is_none_is_refused(string kind)
    {
        (await Draft(new MemoryStream(Bad[kind].File))).Refusal.ShouldNotBeNull().Code.ShouldBe(Bad[kind].Code);
        (await Here.Scalar<long>("select count(*) from kernel.bulk_draft")).ShouldBe(0);
    }

    static readonly Dictionary<string, byte[]> Good = new()
    {
        ["with a mark"] = [0xEF, 0xBB, 0xBF, .. "Email\r\none@mail.example\r\ntwo@mail.example"u8],
        ["of a spreadsheet"] = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("one@mail.example\r\nTWO@mail.example\r\n")],
        ["quoted, without a head"] = [.. "\"one@mail.example\"\n\n\"two@mail.example\"\n\"One@mail.example\"\n"u8],
    };

    public static TheoryData<string> GoodFiles => [.. Good.Keys];

    [Theory, MemberData(nameof(GoodFiles))]
    public async Task A_file_may_look_as_files_do(string kind)
    {
        await Draft(new MemoryStream(Good[kind]));
        (await Here.Rows<string>("select text from kernel.bulk_item order by item")).ShouldBe(["one@mail.example", "two@mail.example"]);
    }

    [Fact]
    public async Task From_a_thousand_on_the_number_is_typed_and_ten_thousand_fit()
    {
        var draft = (await Draft(File(Many(10_000)))).Value;
        (await Review(draft, Site)).MustType.ShouldBeTrue();
        (await Here.Refuse(new ConfirmBulk(Acme, draft, null, null, false, false, "9999", By(Ada)) { Site = Site }))
            .ShouldBeOfType<TypedWrong>();
        var many = Proof.Size(1_000, 10_000);
        if (many < 10_000) draft = (await Draft(File(Many(many)))).Value;
        var job = await Confirm(draft, Site, $"{many:N0}");
        (job.Done, job.Counts["invited"]).ShouldBe((many, many));
        (await Here.Scalar<long>("select count(distinct recipient) from kernel.mail where template = 'invitation'")).ShouldBe(many);
        (await Here.Send(new CountUsers(new(Acme, Site)))).Invited.ShouldBe(many);
    }

    [Fact, Trait("Rule", "U9"), Trait("Rule", "S8")]
    public async Task Another_site_and_another_organization_know_nothing_of_it()
    {
        var (other, globex) = (await NewSite(Acme, "other"), await Here.Organization("globex"));
        var draft = (await Draft(File("one@mail.example"))).Value;
        foreach (var (organization, site) in ((OrganizationId, SiteId?)[])[(Acme, other), (Acme, null), (globex, Site), (globex, null)])
        {
            (await Here.Refuse(new ReviewBulk(organization, draft, Ada) { Site = site })).ShouldBeOfType<NotFound>();
            (await Here.Refuse(new ConfirmBulk(organization, draft, null, null, false, false, null, By(Ada)) { Site = site }))
                .ShouldBeOfType<NotFound>();
            (await Here.Refuse(new ExportBulkReview(organization, draft, Ada, Stream.Null) { Site = site })).ShouldBeOfType<NotFound>();
        }
        var job = await Confirm(draft, Site);
        (await Here.Grant(new ReadSiteJob(Site, job.Id))).Id.ShouldBe(job.Id);
        (await Here.Refuse(new ReadSiteJob(other, job.Id))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new ExportBulkResults(globex, job.Id, Stream.Null))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new PrepareUndo(Acme, job.Id, By(Ada)))).ShouldBeOfType<NotUndoable>();
        Here.Clock.Pass(TimeSpan.FromDays(2));
        (await Here.Refuse(new ReviewBulk(Acme, draft, Ada) { Site = Site })).ShouldBeOfType<NotFound>("after a day");
    }

    [Fact, Trait("Rule", "M1")]
    public async Task Managed_people_without_a_site_are_invited_from_the_list()
    {
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        var people = new List<AccountId>();
        for (var i = 0; i < 3; i++) people.Add(await Here.Account($"p{i}@acme.example", managedBy: Acme));
        await Invite(Site, null, null, "p0@acme.example");
        var foreign = await Here.Account("foreign@mail.example");
        var checkedRows = await Here.Grant(new PrepareInvitees(Acme, [people[1], foreign], null, By(Ada)));
        (await Here.Grant(new CountInvitees(Acme, checkedRows))).People.ShouldBe(1, "who is not managed here is left out");
        (await Here.Refuse(new CountInvitees(await Here.Organization("globex"), checkedRows))).ShouldBeOfType<NotFound>();
        var list = await Here.Grant(new PrepareInvitees(Acme, null, ManagedAccountFilter.Everybody with { OnSite = false }, By(Ada)));
        (await Here.Grant(new CountInvitees(Acme, list))).People.ShouldBe(2);
        var draft = await Here.Grant(new DraftInvitations(Site, AddressInput.Of((string?)null), list, JiraUser, [], null, By(Ada)));
        (await Confirm(draft, Site)).Counts.ShouldBe(new Dictionary<string, long> { ["addedAtOnce"] = 2 });
        (await Enters(people[2])).Granted.ShouldBeTrue();
    }

    [Fact, Trait("Rule", "A6")]
    public async Task Lists_are_forgotten_and_an_erased_person_is_in_none()
    {
        var liam = await Here.Account("liam@mail.example");
        await Confirm((await Draft(File("liam@mail.example\nother@mail.example"))).Value, Site);
        var unused = (await Draft(File("liam@mail.example\nnonsense of liam@mail"))).Value;
        await Here.Grant(new ScheduleDeletion(liam, null, By(liam)));
        Here.Clock.Pass(TimeSpan.FromDays(2));
        var forget = Here.Services.GetServices<IRecurring>().Single(r => r.Name == "forget bulk drafts");
        await forget.Run(default);
        (await Here.Scalar<long>("select count(*) from kernel.bulk_draft")).ShouldBe(1, "one was carried out, the other is over a day old");
        (await Here.Refuse(new ReviewBulk(Acme, unused, Ada) { Site = Site })).ShouldBeOfType<NotFound>();
        Here.Clock.Pass(TimeSpan.FromDays(13));
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(default);
        (await Here.Rows<string>("select text from kernel.bulk_item")).ShouldBe(["other@mail.example"]);
        Here.Clock.Pass(TimeSpan.FromDays(20));
        await forget.Run(default);
        (await Here.Scalar<long>("select count(*) from kernel.bulk_item")).ShouldBe(0);
    }
}
