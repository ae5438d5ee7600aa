using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>A file of users that a job writes part by part (SPEC U8).</summary>
[Trait("Rule", "U8")]
public sealed class ExportManyUsers : ManyOnSite
{
    async Task<byte[]> Written(ExportScope scope, JobId? known = null)
    {
        var job = known ?? await Here.Grant(new BeginExport(Acme, scope, By(Ada)));
        await using var node = InChunks();
        await node.Services.GetRequiredService<JobWorker>().Run(job.Value, 1, CancellationToken.None);
        using var file = new MemoryStream();
        await Here.Grant(new DownloadExport(Acme, job, file));
        return file.ToArray();
    }

    [Fact]
    public async Task The_job_writes_what_the_stream_sends_one_row_for_each()
    {
        // A whole part and a piece; when small, parts of two hundred.
        var many = Proof.Size(450, 25_000);
        await Crowd(many);
        await Group("Developers");
        await Invite(Site, null, null, "waiting@mail.example");
        foreach (var scope in (ExportScope[])[ExportScope.Of(Site, UserFilter.Everybody, true),
            ExportScope.Of(Site, new(Search: "an", Type: UserType.External), false)])
        {
            (await Here.Grant(new MeasureExport(Acme, scope))).Title.ShouldBe("Export users of team");
            using var streamed = new MemoryStream();
            await Here.Grant(new StreamExport(Acme, scope, By(Ada), streamed));
            (await Written(scope)).SequenceEqual(streamed.ToArray()).ShouldBeTrue();
        }
        var rows = await IndependentCsv.Read(await Written(ExportScope.Of(Site, UserFilter.Everybody, true)));
        (rows.Count, rows.Skip(1).Select(r => r[1]).Distinct().Count()).ShouldBe((many + 2, many + 1));
        rows[0].ShouldBe(["Name", "Email", "Account id", "Status", "Account type", "Added", "Last active", "Jira", "Trello", "Developers"]);
        rows.Single(r => r[1] == "waiting@mail.example")[3].ShouldBe("Invited");
        (await Here.Grant(new MeasureExport(Acme, ExportScope.Of(Site, UserFilter.Everybody, false)))).IsDirect.ShouldBe(many < 10_000);
    }

    [Fact, Trait("Rule", "U15")]
    public async Task The_job_of_all_sites_has_all_rows_of_a_person_in_one_part_and_belongs_to_no_site()
    {
        var (many, twice) = (Proof.Size(450, 25_000), Proof.Size(250, 12_000));
        var people = await Crowd(many);
        var other = await NewSite(Acme, "other");
        var emails = await Here.Rows<string>("select email from accounts.account where id = any(@ids)",
            new { ids = people.Take(twice).Select(p => p.Value).ToArray() });
        for (var i = 0; i < twice; i += 10_000) await Invite(other, null, null, [.. emails.Skip(i).Take(10_000)]);
        foreach (var site in (SiteId[])[Site, other]) await Invite(site, null, null, "waiting@mail.example");
        var scope = ExportScope.Of(null, UserFilter.Everybody, false);
        (await Here.Grant(new MeasureExport(Acme, scope))).Title.ShouldBe("Export users of all sites");
        var job = await Here.Grant(new BeginExport(Acme, scope, By(Ada)));
        var written = await Written(scope, job);
        using var streamed = new MemoryStream();
        await Here.Grant(new StreamExport(Acme, scope, By(Ada), streamed));
        written.SequenceEqual(streamed.ToArray()).ShouldBeTrue();
        var rows = await IndependentCsv.Read(written);
        (rows.Count - 1, rows.Skip(1).Select(r => (r[1], r[3])).Distinct().Count(), rows.Skip(1).Select(r => r[1]).Distinct().Count())
            .ShouldBe((many + twice + 2, many + twice + 2, many + 1));
        var view = await Here.Grant(new ReadJob(Acme.Value, job));
        (view.State, view.Done, view.Total).ShouldBe((JobState.Done, many + 1, many + 1), "progress counts who is listed");
        (await Here.Grant(new ReadExport(Acme, job))).Rows.ShouldBe(many + twice + 2);
        foreach (var site in (SiteId[])[Site, other])
            (await Here.Refuse(new ReadSiteJob(site, job))).ShouldBeOfType<NotFound>("it is the organization's");
        (await Here.Refuse(new ReadExport(await Here.Organization("globex"), job))).ShouldBeOfType<NotFound>();
    }

    [Fact, Trait("Rule", "U9"), Trait("Rule", "A6")]
    public async Task The_file_is_the_sites_and_goes_with_whoever_is_erased()
    {
        var other = await NewSite(Acme, "other");
        await User("mia@mail.example");
        var liam = await Here.Account("liam@mail.example", verified: false);
        await Invite(Site, null, null, "liam@mail.example");
        await Here.Rows<int>("update accounts.account set state = 1, email_verified = true where id = @id", new { id = liam.Value });
        var job = await Here.Grant(new BeginExport(Acme, ExportScope.Of(Site, new(Search: "mail.example"), false), By(Ada)));
        (await IndependentCsv.Read(await Written(null!, job))).Count.ShouldBe(3);
        var ofAll = await Here.Grant(new BeginExport(Acme, ExportScope.Of(null, UserFilter.Everybody, false), By(Ada)));
        (await IndependentCsv.Read(await Written(null!, ofAll))).Count.ShouldBe(3);
        (await Here.Scalar<string>("select arguments::text from kernel.job where id = @job", new { job = job.Value }))!
            .ShouldNotContain("mail.example", Case.Insensitive, "a finished job keeps no search");
        (await Here.Grant(new ReadSiteJob(Site, job))).State.ShouldBe(JobState.Done);
        (await Here.Refuse(new ReadSiteJob(other, job))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new BeginExport(await Here.Organization("globex"), ExportScope.Of(Site, UserFilter.Everybody, false), By(Ada))))
            .ShouldBeOfType<NotFound>();
        await Here.Grant(new ScheduleDeletion(liam, null, By(liam)));
        // Within the days that the file is kept.
        await Here.Rows<int>("update accounts.account set deletion_due_at = now() - interval '1 day' where id = @id",
            new { id = liam.Value });
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(default);
        foreach (var file in (JobId[])[job, ofAll])
            (await Here.Refuse(new ReadExport(Acme, file))).ShouldBeOfType<NotFound>("an invitation names the person, too");
    }
}
