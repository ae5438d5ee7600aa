using System.Globalization;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites.Membership;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Bulk;

/// <summary>The dry run, and the result, one line for each person or address.</summary>
sealed class UserFiles(UserDrafts drafts, UserNumbers numbers, JobStore jobs, IMediator mediator, NpgsqlDataSource database)
    : IRequestHandler<ExportUserReview, Outcome<Done>>, IRequestHandler<ExportUserResults, Outcome<Done>>
{
    const int Page = 5_000;

    const string WillBe = "will be ";

    public async Task<Outcome<Done>> Handle(ExportUserReview query, CancellationToken ct)
    {
        if (await drafts.Of(query.Organization, query.Draft, ct) is not { } draft || draft.Site != query.Site
            || draft is { Does: UserAction.Invite, SiteId: null }) return new NotFound("list of users");
        await using var csv = CsvFile.Write(query.Output);
        await Head(csv, draft, ct);
        if (draft.Does is UserAction.Invite)
        {
            await numbers.EachInvitation(draft, query.Viewer, async decided =>
            {
                foreach (var (item, outcome) in decided)
                    await Invited(csv, item.Line, item.Email,
                        outcome.Granted
                        ? WillBe + (outcome.Value is InvitedHow.InAtOnce ? "in at once" : "invited by mail")
                        : outcome.Refusal.Sentence, ct);
            }, ct);
            return Done.It;
        }
        for (Guid? after = null; ;)
        {
            var page = await Statuses(draft, after, query.Viewer, ct);
            if (page.Count == 0) return Done.It;
            await People(csv,
                [.. page.Select(p => (p.Item, p.Outcome.Granted ? WillBe + UserDraft.CodeOf(draft.Change) : p.Outcome.Refusal.Sentence))],
                ct);
            after = page[^1].Item;
        }
    }

    public async Task<Outcome<Done>> Handle(ExportUserResults query, CancellationToken ct)
    {
        var job = await jobs.Of(query.Organization.Value, query.Job);
        if (!job.Granted || !UserJobs.Has(job.Value.Kind)) return new NotFound("job");
        var draft = await drafts.OfJob(query.Job, ct);
        var invitations = job.Value.Kind == UserJobs.Invitations;
        await using var csv = CsvFile.Write(query.Output);
        await Head(csv, draft ?? new() { Deed = (short)(invitations ? UserAction.Invite : UserAction.Suspend) }, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        var chunks = await connection.QueryAsync<(int Range, int Seq)>(
            "select range_no, seq from kernel.job_result where job_id = @job order by range_no, seq", new { job = query.Job.Value });
        foreach (var (range, seq) in chunks.AsList())
        {
            var rows = (await connection.QueryAsync<(Guid Item, string Code, string? Email, int? Line)>("""
                select r.item, r.code, i.email, i.line from kernel.job_result x cross
                  join lateral unnest(x.items, x.codes) with ordinality as r(item, code, n)
                  left join sites.bulk_item i on i.draft_id = x.job_id and i.item = r.item
                where x.job_id = @job and x.range_no = @range and x.seq = @seq order by r.n
                """, new { job = query.Job.Value, range, seq })).AsList();
            if (!invitations) await People(csv, [.. rows.Select(r => (r.Item, r.Code))], ct);
            else foreach (var row in rows) await Invited(csv, row.Line, row.Email, row.Code, ct);
        }
        return Done.It;
    }

    static ValueTask Head(CsvFile csv, UserDraft draft, CancellationToken ct) =>
        csv.WriteRecordAsync(draft.Does is UserAction.Invite
            ? (string[])["Line", "Email", "Result"]
            : ["Name", "Email", "Account id", "Result"], ct);

    static ValueTask Invited(CsvFile csv, int? line, string? email, string result, CancellationToken ct) =>
        csv.WriteRecordAsync((string[])[line?.ToString(CultureInfo.InvariantCulture) ?? "", email ?? "", result], ct);

    async Task People(CsvFile csv, IReadOnlyList<(Guid Id, string Result)> people, CancellationToken ct)
    {
        var known = (await mediator.Send(new ReadAccounts([.. people.Select(p => new AccountId(p.Id))]), ct)).ToDictionary(a => a.Id.Value);
        foreach (var (id, result) in people)
            await csv.WriteRecordAsync(known.TryGetValue(id, out var account)
                ? (string[])[account.Name, account.Email, id.ToString(), result]
                : ["", "", id.ToString(), result], ct);
    }

    async Task<IReadOnlyList<(Guid Item, Outcome<Done> Outcome)>> Statuses(UserDraft draft, Guid? after, AccountId viewer,
        CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(Guid Item, bool Active, bool Suspended)>("""
            select i.item, coalesce(bool_or(m.status = 1), false), coalesce(bool_or(m.status = 3), false)
            from (select * from sites.bulk_item where draft_id = @draft and item > @after order by item limit @Page) i
              left join (sites.site_member m join sites.site s on s.id = m.site_id and s.organization_id = @organization
                and (@site::uuid is null or s.id = @site))
                on m.account_id = i.item and (i.only_sites is null or m.site_id = any(i.only_sites))
            group by i.item order by i.item
            """, new { draft = draft.Id, after = after ?? Guid.Empty, organization = draft.OrganizationId, site = draft.SiteId, Page });
        return [.. rows.Select(r =>
            (r.Item, UserNumbers.Decide(draft, r.Active, r.Suspended, r.Item == viewer.Value ? viewer : null, viewer)))];
    }
}
