using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Claiming;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites.Groups;
using DirectoryPlatform.Sites.Invitations;
using DirectoryPlatform.Sites.Storage;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Bulk;

/// <summary>Fixes who is meant, from wherever the list comes.</summary>
sealed class UserPreparation(UserDrafts drafts, UnitOfWork work, JobStore jobs, IMediator mediator, NpgsqlDataSource database)
    : IRequestHandler<DraftChange, Outcome<UserDraftId>>, IRequestHandler<DraftInvitees, Outcome<UserDraftId>>,
    IRequestHandler<CountInvitees, Outcome<InviteeCount>>,
      IRequestHandler<DraftInvitations, Outcome<UserDraftId>>, IRequestHandler<DraftUndo, Outcome<UndoDraft>>
{
    /// <summary>Accounts that are looked up at once.</summary>
    const int Page = 10_000;

    public async Task<Outcome<UserDraftId>> Handle(DraftChange command, CancellationToken ct)
    {
        if (command.Accounts.Count == 0) return new NobodyChosen();
        var asked = command.Accounts.Select(a => a.Value).Distinct().ToArray();
        await using var connection = await database.OpenConnectionAsync(ct);
        // Who is on none of the sites is left out here already: names of others are nobody's business.
        var there = (await connection.QueryAsync<Guid>("""
            select distinct m.account_id from sites.site_member m join sites.site s on s.id = m.site_id
            where m.account_id = any(@asked) and s.organization_id = @organization and (@site::uuid is null or s.id = @site)
            """, new { asked, organization = command.Organization.Value, site = command.Site?.Value }, commandTimeout: 120)).AsList();
        return await drafts.Insert(new()
        {
            OrganizationId = command.Organization.Value,
            SiteId = command.Site?.Value,
            Deed = (short)UserDraft.DeedOf(command.Change),
            MadeBy = command.Origin.Actor,
            LeftOut = asked.Length - there.Count,
        }, [.. there.Select(id => new UserItem(id))], ct);
    }

    public async Task<Outcome<UserDraftId>> Handle(DraftInvitees command, CancellationToken ct)
    {
        var managed = await mediator.Send(new WhichAreManaged(command.Organization, command.Accounts), ct);
        if (managed.Count == 0) return new NobodyChosen();
        return await drafts.Insert(new()
        {
            OrganizationId = command.Organization.Value,
            Deed = (short)UserAction.Invite,
            MadeBy = command.Origin.Actor,
            LeftOut = command.Accounts.Distinct().Count() - managed.Count
        },
            [.. managed.Select(id => new UserItem(id.Value))], ct);
    }

    public async Task<Outcome<InviteeCount>> Handle(CountInvitees query, CancellationToken ct) =>
        await drafts.Of(query.Organization, query.Draft, ct) is { Does: UserAction.Invite, SiteId: null }
            ? new InviteeCount(await drafts.Count(query.Draft, ct))
            : new NotFound("list of people");

    public async Task<Outcome<UserDraftId>> Handle(DraftInvitations command, CancellationToken ct)
    {
        var offer = InvitationOffer.Read(command.Site, command.Roles, command.Groups, command.Note);
        if (!offer.Granted) return offer.Refusal;
        if (await work.Look(command.Origin, change => change.OrganizationOf(command.Site), ct) is not { } organization)
            return new NotFound("site");
        if (await work.Look(command.Origin, change => GroupProvisioning.OwnedAmong(change, organization, offer.Value.Groups), ct)
            is { } owned)
            return owned;
        var (emails, bad) = (new Dictionary<string, int?>(), new List<BadLine>());
        foreach (var typed in command.Typed)
            if (EmailAddress.Parse(typed) is { Granted: true, Value: var email }) emails.TryAdd(email.Value, null);
            else bad.Add(new(0, typed.Length <= 80 ? typed.Replace("\0", "") : typed[..80].Replace("\0", "") + "…",
                EmailAddress.Parse(typed).Refusal!.Sentence));
        if (command.File is { } content)
        {
            var file = await EmailFile.Read(content, ct);
            if (!file.Granted) return file.Refusal;
            bad.AddRange(file.Value.BadLines);
            foreach (var (email, line) in file.Value.Emails.OrderBy(e => e.Value)) emails.TryAdd(email.Value, line);
        }
        if (emails.Count + bad.Count > InviteUsers.MostTyped) return new TooManyAddresses(InviteUsers.MostTyped);
        if (command.Invitees is { } list && await AddInvitees(organization, list, emails, ct) is { } refusal) return refusal;
        if (emails.Count + bad.Count == 0) return new NoAddresses();
        var items = emails.Select(e => new UserItem(Guid.CreateVersion7(), e.Key, e.Value)).ToList();
        return await drafts.Insert(new()
        {
            OrganizationId = organization.Value,
            SiteId = command.Site.Value,
            Deed = (short)UserAction.Invite,
            MadeBy = command.Origin.Actor,
            Note = offer.Value.Note,
            Roles = KernelJson.Write(offer.Value.Roles),
            Groups = [.. offer.Value.Groups.Select(g => g.Value)],
            BadLineCount = bad.Count,
            BadLines = UserDrafts.Shown(bad),
        }, [.. items.Select(i => i.Item).Order().Zip(items, (id, item) => item with { Item = id })], ct);
    }

    /// <summary>The addresses that the people have now.</summary>
    async Task<Refusal?> AddInvitees(OrganizationId organization, UserDraftId list, Dictionary<string, int?> emails, CancellationToken ct)
    {
        if (await drafts.Of(organization, list, ct) is not { Does: UserAction.Invite, SiteId: null }) return new DraftVoid();
        for (IReadOnlyList<UserItem> page = [];
            (page = await drafts.Items(list, page.Count == 0 ? null : page[^1].Item, Page, ct)).Count > 0;)
            foreach (var account in await mediator.Send(new ReadAccounts([.. page.Select(i => new AccountId(i.Item))]), ct))
                if (account.ManagedBy == organization && account.State is not AccountState.Deleted) emails.TryAdd(account.Email, null);
        return null;
    }

    public async Task<Outcome<UndoDraft>> Handle(DraftUndo command, CancellationToken ct)
    {
        var job = await jobs.Of(command.Organization.Value, command.Job);
        if (!job.Granted) return job.Refusal;
        if (job.Value.Kind == UserJobs.Changes && !job.Value.Ended) return new JobStillRuns();
        if (!UserJobs.IsUndoable(job.Value) || await drafts.OfJob(command.Job, ct) is not { } done) return new NotUndoable();
        var undo = new UserDraft
        {
            OrganizationId = done.OrganizationId,
            SiteId = done.SiteId,
            Deed = (short)(done.Does is UserAction.Suspend ? UserAction.Restore : UserAction.Suspend),
            Undoes = done.Id,
            MadeBy = command.Origin.Actor
        };
        var id = await drafts.Insert(undo, [], ct);
        await drafts.CopyChanged(id, command.Job, ct);
        return new UndoDraft(id, done.Site);
    }
}
