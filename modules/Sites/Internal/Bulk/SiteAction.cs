namespace DirectoryPlatform.Sites.Internal.Bulk;

/// <summary>What actions about one site, or about all of an organization, have in common.</summary>
abstract class SiteAction(UnitOfWork work, BulkDrafts drafts, NpgsqlDataSource database, BackgroundSettings settings, IMediator mediator)
    : BulkAction(drafts, database, settings)
{
    protected const string SiteIsGone = "The site was removed.";

    public override string Family => UserActions.Family;
    public override bool KeepsItems => true;

    protected UnitOfWork Work => work;
    protected IMediator Mediator => mediator;

    public override async Task<Outcome<string>> Target(BulkDraft draft, CancellationToken ct) => draft.SiteId is null ? "all sites"
        : await work.Look(new(null, "preview"), change => change.Value<string>(
            "select name from sites.site where id = @site and organization_id = @organization",
            new { site = draft.SiteId, organization = draft.OrganizationId }), ct) is { } name ? name : new NotFound("list of users");

    public override async Task<Refusal?> Begin(BulkDraft draft, BulkOrder order, Origin origin, CancellationToken ct)
    {
        if (draft.Site is { } site) await mediator.Send(new ShareJobWithSite(site, new(draft.Id)), ct);
        return null;
    }

    protected static Change ChangeOf(BulkRun run, NpgsqlConnection connection) =>
        new Change(connection, run.Slice!.Origin with { Means = "job" }, run.Slice.Now, run.Slice.Job);
}
