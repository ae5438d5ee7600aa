using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites.Invitations;
using DirectoryPlatform.Sites.Membership;
using DirectoryPlatform.Sites.Storage;
using Npgsql;

namespace DirectoryPlatform.Sites.Bulk;

/// <summary>
/// Suspends, restores or removes a list of people with the deed's own code (SPEC U4, U5). Rows, audit entries and the cursor behind them
/// are one transaction, so that a killed process leaves nobody out and does nobody twice.
/// </summary>
sealed class ChangeUsersJob(UserDrafts drafts) : IBulkJob
{
    /// <summary>People in one transaction: their rows are locked while it runs (own choice).</summary>
    internal const int Size = 2_000;

    public string Kind => UserJobs.Changes;

    public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
    {
        if (await drafts.OfJob(slice.Job, ct) is not { } draft) return UserChunk.Gone;
        var items = await drafts.Items(draft.DraftId, slice.After, slice.Size(Size), ct, connection, slice.Upto);
        var origin = slice.Origin with { Means = "job" };
        var change = new Change(connection, origin, slice.Now, slice.Job);
        var only = items.Where(i => i.OnlySites is not null).ToDictionary(i => i.Item, i => i.OnlySites!);
        var (outcomes, changed) = await ChangeMembershipHandler.Carry(
            change, new(draft.Organization, draft.Site, [.. items.Select(i => new AccountId(i.Item))], draft.Change, origin),
            draft.Undoes is null ? null : only);
        await change.Write("""
            update sites.bulk_item i set changed_sites = c.sites from (select person, array_agg(site) as sites
              from unnest(@sites, @people) as u(site, person) group by person) c
            where i.draft_id = @draft and i.item = c.person
            """, new
        {
            sites = changed.Select(m => m.Site.Value).ToArray(),
            people = changed.Select(m => m.Account.Value).ToArray(),
            draft = draft.Id
        });
        await change.Save(ct);
        var codes = outcomes.Select(o => o.Granted ? UserDraft.CodeOf(draft.Change) : o.Refusal.Code);
        return UserChunk.Of(items, [.. codes], slice.Size(Size));
    }
}

/// <summary>Invites a list of addresses with the code of the form (SPEC U3). Invitations, mails and the cursor are one transaction: nobody
/// is mailed twice, and nobody is left out.</summary>
sealed class InviteUsersJob(UserDrafts drafts, InvitationService inviting, MailQueue post) : IBulkJob
{
    /// <summary>So that the progress bar moves while ten thousand are invited, and no admin waits long for the site (own choice).</summary>
    internal const int Size = 500;

    public string Kind => UserJobs.Invitations;

    public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
    {
        if (await drafts.OfJob(slice.Job, ct) is not { } draft) return UserChunk.Gone;
        var items = await drafts.Items(draft.DraftId, slice.After, slice.Size(Size), ct, connection, slice.Upto);
        var origin = slice.Origin with { Means = "job" };
        var change = new Change(connection, origin, slice.Now, slice.Job);
        if (await change.OrganizationOf(draft.Site!.Value) is not { } organization) return UserChunk.Gone;
        var outcomes = await inviting.Do(change, draft.Offer, organization,
            await inviting.Know([.. items.Select(i => EmailAddress.Trusted(i.Email!))], origin, ct));
        await change.Save(ct);
        // Those of the chunks before are written by now.
        post.WakeSender();
        var codes = items.Select(i => outcomes[i.Email!]).Select(o => o.Granted ? UserDraft.CodeOf(o.Value) : o.Refusal.Code);
        return UserChunk.Of(items, [.. codes], slice.Size(Size));
    }
}

static class UserChunk
{
    public static readonly Chunk Gone = new([], [], null, [], "The site was removed.");

    /// <summary>A chunk shorter than the size was the last of its range. Everything is written already, in the same transaction.</summary>
    public static Chunk Of(IReadOnlyList<UserItem> items, IReadOnlyList<string> codes, int size) =>
        new([.. items.Select(i => i.Item)], codes, items.Count < size ? null : items[^1].Item, []);
}
