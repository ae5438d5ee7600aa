using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites.Invitations;
using Npgsql;

namespace DirectoryPlatform.Sites.Bulk;

/// <param name="OnlySites">Null for all that the draft is about.</param>
sealed record UserItem(Guid Item, string? Email = null, int? Line = null, Guid[]? OnlySites = null);

/// <summary>The drafts' rows.</summary>
sealed class UserDrafts(NpgsqlDataSource database, TimeProvider clock) : IRecurring
{
    /// <summary>As long as any draft.</summary>
    static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>How long results can be read and undone: after a month nobody remembers who
    /// was meant (own choice). Items hold addresses.</summary>
    static readonly TimeSpan ResultsKept = TimeSpan.FromDays(30);

    const int ShownBadLines = 100;

    public async Task<UserDraftId> Insert(UserDraft draft, IReadOnlyList<UserItem> items, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("""
            insert into sites.bulk_draft (id, organization_id, site_id, deed, note, roles, groups, undoes, made_by, made_at, left_out,
              bad_line_count, bad_lines)
            values (@Id, @OrganizationId, @SiteId, @Deed, @Note, @Roles::jsonb, @Groups, @Undoes, @MadeBy, @now, @LeftOut, @BadLineCount,
              @BadLines::jsonb)
            """, new
        {
            draft.Id,
            draft.OrganizationId,
            draft.SiteId,
            draft.Deed,
            draft.Note,
            draft.Roles,
            draft.Groups,
            draft.Undoes,
            draft.MadeBy,
            now = Now,
            draft.LeftOut,
            draft.BadLineCount,
            draft.BadLines
        }, transaction);
        await connection
            .ExecuteAsync(
                "insert into sites.bulk_item (draft_id, item, email, line) select @id, item, email, line from unnest(@items, @emails, "
                + "@lines) as i(item, email, line)",
            new
            {
                id = draft.Id,
                items = items.Select(i => i.Item).ToArray(),
                emails = items.Select(i => i.Email).ToArray(),
                lines = items.Select(i => i.Line).ToArray()
            }, transaction, commandTimeout: 120);
        // The plan of the preview depends on knowing that a list is long.
        if (items.Count > 50_000) await connection.ExecuteAsync("analyze sites.bulk_item", transaction: transaction);
        await transaction.CommitAsync(ct);
        return new(draft.Id);
    }

    /// <summary>The people, and the sites, that a job has changed.</summary>
    public Task CopyChanged(UserDraftId draft, JobId job, CancellationToken ct) => Write(
        "insert into sites.bulk_item (draft_id, item, only_sites) select @draft, item, changed_sites from sites.bulk_item where draft_id = "
            + "@job and changed_sites is not null", new { draft = draft.Value, job = job.Value }, ct);

    /// <summary>Null for an unknown, foreign or outdated draft.</summary>
    public async Task<UserDraft?> Of(OrganizationId organization, UserDraftId draft, CancellationToken ct) =>
        await Find("d.organization_id = @organization and d.made_at > @old", draft.Value,
            new { id = draft.Value, organization = organization.Value, old = (clock.GetUtcNow() - Life).UtcDateTime }, ct);

    /// <summary>What a job works on; null when the site is gone, and its drafts with it.</summary>
    public Task<UserDraft?> OfJob(JobId job, CancellationToken ct) => Find("true", job.Value, new { id = job.Value }, ct);

    /// <summary>Items in their order, a page at a time.</summary>
    public async Task<IReadOnlyList<UserItem>> Items(UserDraftId draft, Guid? after, int take, CancellationToken ct,
        NpgsqlConnection? on = null, Guid? upto = null)
    {
        await using var own = on is null ? await database.OpenConnectionAsync(ct) : null;
        return [.. (await (on ?? own)!.QueryAsync<(Guid Item, string? Email, int? Line, Guid[]? OnlySites)>(
            "select item, email, line, only_sites from sites.bulk_item where draft_id = @draft and item > @after "
                + "and item <= @upto order by item limit @take",
            new { draft = draft.Value, after = after ?? Guid.Empty, upto = upto ?? Guid.AllBitsSet, take }))
                .Select(i => new UserItem(i.Item, i.Email, i.Line, i.OnlySites))];
    }

    public async Task<long> Count(UserDraftId draft, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long>("select count(*) from sites.bulk_item where draft_id = @draft",
            new { draft = draft.Value });
    }

    public string Name => "forget drafts of users";
    public TimeSpan Every => TimeSpan.FromHours(1);

    /// <summary>Drafts that nobody carried out, and lists whose results nobody can read any more.</summary>
    public Task Run(CancellationToken ct) => Write("""
        delete from sites.bulk_draft d where (d.made_at < @old and not exists (select from kernel.job j where j.id = d.id))
          or (d.made_at < @done and not exists (select from kernel.job j where j.id = d.id and j.state < 2));
        update sites.bulk_draft set bad_lines = '[]' where made_at < @old and bad_lines <> '[]'
        """, new { old = (clock.GetUtcNow() - Life).UtcDateTime, done = (clock.GetUtcNow() - ResultsKept).UtcDateTime }, ct);

    public static string Shown(IReadOnlyList<BadLine> bad) => KernelJson.Write(bad.OrderBy(b => b.Line).Take(ShownBadLines));

    async Task Write(string sql, object values, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(sql, values, commandTimeout: 120);
    }

    async Task<UserDraft?> Find(string which, Guid id, object values, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<UserDraft>($"""
            select d.id, d.organization_id as organizationId, d.site_id as siteId, d.deed, d.note, d.roles::text as roles, d.groups,
              d.undoes, d.made_by as madeBy, d.left_out as leftOut, d.bad_line_count as badLineCount,
              d.bad_lines::text as badLines, s.name as siteName, exists (select from kernel.job j where j.id = d.id) as carriedOut
            from sites.bulk_draft d left join sites.site s on s.id = d.site_id where d.id = @id and {which}
            """, values);
    }

    DateTime Now => clock.GetUtcNow().UtcDateTime;
}

sealed record UserDraft
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid OrganizationId { get; init; }
    public Guid? SiteId { get; init; }
    public short Deed { get; init; }
    public string? Note { get; init; }
    public string Roles { get; init; } = "{}";
    public Guid[] Groups { get; init; } = [];
    public Guid? Undoes { get; init; }
    public Guid? MadeBy { get; init; }
    public long LeftOut { get; init; }
    public long BadLineCount { get; init; }
    public string BadLines { get; init; } = "[]";
    public string? SiteName { get; init; }
    public bool CarriedOut { get; init; }

    public UserDraftId DraftId => new(Id);
    public UserAction Does => (UserAction)Deed;
    public OrganizationId Organization => new(OrganizationId);
    public SiteId? Site => SiteId is { } id ? new SiteId(id) : null;

    public MembershipChange Change => Does switch
    {
        UserAction.Suspend => MembershipChange.Suspend,
        UserAction.Restore => MembershipChange.Restore,
        UserAction.Remove => MembershipChange.Remove,
        UserAction.Invite => throw new InvalidOperationException("An invitation changes no membership"),
    };

    /// <summary>Of an invitation to a site.</summary>
    public InvitationOffer Offer =>
        new(Site!.Value, KernelJson.Read<Dictionary<string, AppRole>>(Roles), [.. Groups.Select(g => new GroupId(g))], Note);

    public static UserAction DeedOf(MembershipChange change) =>
        change switch
        {
            MembershipChange.Suspend => UserAction.Suspend,
            MembershipChange.Restore => UserAction.Restore,
            MembershipChange.Remove => UserAction.Remove
        };

    public static string CodeOf(MembershipChange change) =>
        change switch
        {
            MembershipChange.Suspend => "suspended",
            MembershipChange.Restore => "restored",
            MembershipChange.Remove => "removed"
        };

    public static string CodeOf(InvitedHow how) => how switch { InvitedHow.InAtOnce => "addedAtOnce", InvitedHow.MailSent => "invited" };
}
