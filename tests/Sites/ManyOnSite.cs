using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>What tests of deeds on many users have in common.</summary>
public abstract class ManyOnSite : OnSite
{
    /// <summary>For what is about several chunks or workers: small ones do as large ones.</summary>
    protected TestInstallation InChunks() => Here.AnotherNode(SlowJobs.InChunks);

    /// <param name="node">Null for the usual one.</param>
    protected async Task<JobView> Confirm(BulkDraftId draft, SiteId? site, string? typed = null, TestInstallation? node = null)
    {
        node ??= Here;
        var job = await node.Grant(new ConfirmBulk(Acme, draft, null, null, false, false, typed, By(Ada)) { Site = site });
        await node.Walk(job);
        return await Here.Grant(new ReadJob(Acme.Value, job));
    }

    protected Task<BulkReview> Review(BulkDraftId draft, SiteId? site) => Here.Grant(new ReviewBulk(Acme, draft, Ada) { Site = site });

    protected static MemoryStream File(string text) => new(Encoding.UTF8.GetBytes(text));

    protected static string[] Lines(MemoryStream file) => Encoding.UTF8.GetString(file.ToArray()).TrimStart('\uFEFF')
        .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    protected async Task<string[]> Results(JobId job)
    {
        using var file = new MemoryStream();
        await Here.Grant(new ExportBulkResults(Acme, job, file));
        return Lines(file);
    }

    /// <summary>Many active users of the site, written as the invitation writes them.</summary>
    protected async Task<IReadOnlyList<AccountId>> Crowd(int count, SiteId? site = null)
    {
        await Here.Seed("acme.example", count);
        var people = (await Here.Rows<(Guid Id, string Email)>(
            "select id, email from accounts.account where email <> 'ada@acme.example' order by id limit @count", new { count }))
            .ToList();
        await Here.Rows<int>("update accounts.account set state = 1, email_verified = true where state <> 1");
        for (var i = 0; i < count; i += 10_000)
            await Invite(site ?? Site, JiraUser, null, [.. people.Skip(i).Take(10_000).Select(p => p.Email)]);
        return [.. people.Select(p => new AccountId(p.Id))];
    }
}
