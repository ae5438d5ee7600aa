using System.Globalization;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Bulk;

/// <param name="Draft">Who is meant, and what is done: see <see cref="UserDraft"/>.</param>
sealed record UserJobArguments(UserDraftId Draft);

/// <summary>The dry run, and then the job.</summary>
sealed class UserConfirmation(
    UserDrafts drafts, UserNumbers numbers, UnitOfWork work, JobStore jobs, JobScheduling scheduling, NpgsqlDataSource database,
    BackgroundSettings settings, IMediator mediator)
    : IRequestHandler<ReviewUserDraft, Outcome<UserReview>>, IRequestHandler<ConfirmUserDraft, Outcome<JobId>>
{
    /// <summary>From here on the admin types the number, as for managed accounts.</summary>
    const int TypeNumberFrom = 1_000;

    /// <summary>Below five chunks a second worker costs more than it brings.</summary>
    int Worthwhile => 5 * settings.Chunk(ChangeUsersJob.Size);

    const int NamedGroups = 20, Sample = 5;

    public async Task<Outcome<UserReview>> Handle(ReviewUserDraft query, CancellationToken ct)
    {
        if (await drafts.Of(query.Organization, query.Draft, ct) is not { } draft || draft.Site != query.Site
            || draft is { Does: UserAction.Invite, SiteId: null }) return new NotFound("list of users");
        if (draft.CarriedOut) return new DraftVoid();
        var kinds = await numbers.Of(draft, query.Viewer, ct);
        var will = kinds.Where(k => k.Code is not null).GroupBy(k => k.Code!).ToDictionary(g => g.Key, g => g.Sum(k => k.People));
        var refused = kinds.Where(k => k.Refusal is not null).GroupBy(k => k.Refusal!)
            .Select(g => new ClaimRefusalCount(g.Key.Code, g.Key.Sentence, g.Sum(k => k.People))).OrderByDescending(r => r.Accounts)
            .ToArray();
        var (groups, grants) = draft.Does switch
        {
            UserAction.Remove => await numbers.Leaving(draft, query.Viewer, NamedGroups, ct),
            UserAction.Invite => (await GroupNames(draft, ct), 0),
            _ => ([], 0),
        };
        return new UserReview(
            query.Draft, draft.Does, draft.SiteName, draft.Undoes is { } job ? new JobId(job) : null, will, refused,
            [.. kinds.Where(k => k.Code is not null).SelectMany(k => k.Sample).Take(Sample)], draft.LeftOut, draft.BadLineCount,
            KernelJson.Read<BadLine[]>(draft.BadLines), groups, grants, await Roles(draft, ct), draft.Note,
            will.Values.Sum() >= TypeNumberFrom);
    }

    public async Task<Outcome<JobId>> Handle(ConfirmUserDraft command, CancellationToken ct)
    {
        var id = new JobId(command.Draft.Value);
        var reviewed = await Handle(new ReviewUserDraft(command.Organization, command.Site, command.Draft,
            new(command.Origin.Actor ?? Guid.Empty)), ct);
        // Another click was faster: its job is this one's.
        if (reviewed.Refusal is DraftVoid) return id;
        if (!reviewed.Granted) return reviewed.Refusal;
        var review = reviewed.Value;
        if (review.Number == 0) return new NothingWouldChange();
        if (review.MustTypeNumber && Digits(command.TypedNumber) != review.Number.ToString(CultureInfo.InvariantCulture))
            return new TypedNumberWrong();
        if (command.Site is { } site) await mediator.Send(new ShareJobWithSite(site, id), ct);
        var total = await drafts.Count(command.Draft, ct);
        await jobs.Insert(new NewJob(
            id, review.Deed is UserAction.Invite ? UserJobs.Invitations : UserJobs.Changes, command.Organization.Value, Title(review),
            KernelJson.Write(new UserJobArguments(command.Draft)), command.Origin, total,
            review.Deed is UserAction.Invite ? [new(null, null)] : await Ranges(command.Draft, total, ct)), ct);
        await scheduling.TryStart(id, ct);
        return id;
    }

    /// <summary>Two workers for many people. Invitations to one site wait for one another, so they have one.</summary>
    async Task<IReadOnlyList<JobRange>> Ranges(UserDraftId draft, long total, CancellationToken ct)
    {
        if (total < Worthwhile) return [new(null, null)];
        await using var connection = await database.OpenConnectionAsync(ct);
        var middle =
            await connection
            .ExecuteScalarAsync<Guid>("select item from sites.bulk_item where draft_id = @draft order by item offset @half limit 1",
                new { draft = draft.Value, half = total / 2 });
        return [new(null, middle), new(middle, null)];
    }

    /// <summary>Without personal data: the sites' names are the organization's own.</summary>
    static string Title(UserReview review)
    {
        var deed = $"{(review.Undoes is null ? "" : "Undo: ")}{review.Deed}";
        var users = review.Number == 1 ? "user" : "users";
        var at = review.Deed switch
        {
            UserAction.Invite => "to",
            UserAction.Remove => "from",
            _ => "on",
        };
        return $"{deed} {review.Number:N0} {users} {at} {review.Where ?? "all sites"}";
    }

    Task<IReadOnlyList<string>> GroupNames(UserDraft draft, CancellationToken ct) => work.Look(new(null, "preview"), change =>
        change.Rows<string>(
            "select name from sites.grp where id = any(@groups) and organization_id = @organization and provided_by is null "
            + "order by name_key", new { groups = draft.Groups, organization = draft.OrganizationId }), ct);

    async Task<IReadOnlyDictionary<string, AppRole>> Roles(UserDraft draft, CancellationToken ct)
    {
        var roles = KernelJson.Read<Dictionary<string, AppRole>>(draft.Roles);
        return roles.Count == 0 ? roles : (await mediator.Send(new ReadApps(), ct)).Where(a => roles.ContainsKey(a.Id))
            .ToDictionary(a => a.Name, a => roles[a.Id]);
    }

    /// <summary>"1,234", "1 234" and "1234" are one number.</summary>
    static string Digits(string? typed) => string.Concat((typed ?? "").Where(c => c is not (',' or '.' or '\'') && !char.IsWhiteSpace(c)));
}
