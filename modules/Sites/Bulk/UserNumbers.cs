using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites.Invitations;
using DirectoryPlatform.Sites.Membership;
using MediatR;

namespace DirectoryPlatform.Sites.Bulk;

/// <summary>
/// The dry run (SPEC C8). Of a change: people who differ in nothing that the decision looks at are counted together, and one of each kind
/// is decided on. Of invitations: each address, with the code that invites, in a transaction that is taken back.
/// </summary>
sealed class UserNumbers(UnitOfWork work, InvitationService inviting, UserDrafts drafts, IMediator mediator)
{
    /// <summary>Addresses that are decided on at once.</summary>
    const int Page = 5_000;

    const int SampleSize = 5;

    /// <param name="Code">Of the outcome when it is granted.</param>
    public sealed record Kind(string? Code, Refusal? Refusal, long People, IReadOnlyList<string> Sample);

    public async Task<IReadOnlyList<Kind>> Of(UserDraft draft, AccountId viewer, CancellationToken ct)
    {
        if (draft.Does is not UserAction.Invite) return await OfChange(draft, viewer, ct);
        var kinds = new List<Kind>();
        await EachInvitation(draft, viewer, decided =>
        {
            kinds.AddRange(decided.GroupBy(d => (Code: d.Outcome.Granted ? UserDraft.CodeOf(d.Outcome.Value) : null, d.Outcome.Refusal))
                .Select(g => new Kind(g.Key.Code, g.Key.Refusal, g.Count(), [.. g.Take(SampleSize).Select(d => d.Item.Email!)])));
            return Task.CompletedTask;
        }, ct);
        return kinds;
    }

    /// <summary>Page by page, each taken back before the next.</summary>
    public async Task EachInvitation(UserDraft draft, AccountId viewer,
        Func<IReadOnlyList<(UserItem Item, Outcome<InvitedHow> Outcome)>, Task> take, CancellationToken ct)
    {
        var origin = new Origin(viewer.Value, "preview");
        for (IReadOnlyList<UserItem> page = [];
            (page = await drafts.Items(draft.DraftId, page.Count == 0 ? null : page[^1].Item, Page, ct)).Count > 0;)
        {
            var guests = await inviting.Know([.. page.Select(i => EmailAddress.Trusted(i.Email!))], origin, ct);
            var outcomes = await work.Look(origin,
                change => InvitationService.Decide(change, draft.Site!.Value, draft.Organization, guests),
                ct);
            await take([.. page.Select(i => (i, outcomes[i.Email!]))]);
        }
    }

    async Task<IReadOnlyList<Kind>> OfChange(UserDraft draft, AccountId viewer, CancellationToken ct)
    {
        var rows = await work.Look(new(viewer.Value, "preview"),
            change => change.Rows<(bool Active, bool Suspended, bool Self, long People, Guid[] Sample)>("""
            select active, suspended, self, count(*), (array_agg(item order by item))[1:5] from (
              select i.item, i.item = @viewer as self, coalesce(bool_or(m.status = 1), false) as active, coalesce(bool_or(m.status = 3),
                false) as suspended
              from sites.bulk_item i left join (sites.site_member m join sites.site s on s.id = m.site_id
                and s.organization_id = @organization and (@site::uuid is null or s.id = @site))
                on m.account_id = i.item and (i.only_sites is null or m.site_id = any(i.only_sites))
              where i.draft_id = @draft group by i.item) x
            group by active, suspended, self
            """, new { viewer = viewer.Value, organization = draft.OrganizationId, site = draft.SiteId, draft = draft.Id }), ct);
        var names = (await mediator.Send(new ReadAccounts([.. rows.SelectMany(r => r.Sample).Select(id => new AccountId(id))]), ct))
            .ToDictionary(a => a.Id.Value, a => a.Name);
        return [.. rows.Select(r =>
        {
            var outcome = Decide(draft, r.Active, r.Suspended, r.Self ? viewer : null, viewer);
            return new Kind(outcome.Granted ? UserDraft.CodeOf(draft.Change) : null, outcome.Refusal, r.People,
                [.. r.Sample.Where(names.ContainsKey).Select(id => names[id])]);
        })];
    }

    /// <summary>One person of a kind, put through the decision of the deed itself.</summary>
    /// <param name="self">The viewer, when the person is the viewer.</param>
    public static Outcome<Done> Decide(UserDraft draft, bool active, bool suspended, AccountId? self, AccountId viewer)
    {
        var statuses = (active, suspended) switch
        {
            (true, true) => (UserStatus[])[UserStatus.Active, UserStatus.Suspended],
            (true, false) => [UserStatus.Active],
            (false, true) => [UserStatus.Suspended],
            _ => []
        };
        return ChangeMembershipHandler.Of([.. statuses.Select(s => new SiteMember(default, self ?? Nobody, s))
            .Select(m => (m, m.Refused(draft.Change, viewer.Value)))]);
    }

    /// <summary>Nobody's id, and so not the viewer's.</summary>
    static readonly AccountId Nobody = new(Guid.AllBitsSet);

    /// <summary>What a removal takes along: groups by name, at most so many, and the number of own roles.</summary>
    public Task<(IReadOnlyList<string> Groups, long Grants)> Leaving(UserDraft draft, AccountId viewer, int most, CancellationToken ct) =>
        work.Look(new(viewer.Value, "preview"), async change =>
    {
        var values = new { draft = draft.Id, organization = draft.OrganizationId, site = draft.SiteId, viewer = viewer.Value, most };
        // On all sites every group goes; on one those that open something there, and with the last site of a person all.
        var groups = await change.Rows<string>("""
            select distinct g.name from sites.bulk_item i join sites.group_member gm on gm.account_id = i.item
              join sites.grp g on g.id = gm.group_id and g.organization_id = @organization and g.provided_by is null
            where i.draft_id = @draft and i.item <> @viewer and (@site::uuid is null or exists (select from sites.group_app_grant x
              where x.group_id = g.id and x.site_id = @site)
              or not exists (select from sites.site_member m join sites.site s on s.id = m.site_id where m.account_id = i.item
                and s.organization_id = @organization and s.id <> @site))
            order by g.name limit @most
            """, values);
        return (groups, await change.Value<long>("""
            select count(*) from sites.bulk_item i join sites.app_grant g on g.account_id = i.item join sites.site s on s.id = g.site_id
              and s.organization_id = @organization
            where i.draft_id = @draft and i.item <> @viewer and (@site::uuid is null or s.id = @site)
            """, values));
    }, ct);
}
