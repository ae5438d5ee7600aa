namespace DirectoryPlatform.Web.Pages.Security.Audit;

[Requires(Permission.ViewAuditLog)]
public sealed class IndexModel(IMediator mediator, TimeProvider clock) : OrganizationPage(mediator)
{
    [FromQuery] public AuditQuery Query { get; set; } = new();

    public ListPage<AuditEvent> Log { get; private set; } = ListPage<AuditEvent>.Empty;
    public Histogram Times { get; private set; } = null!;
    public ListView View { get; private set; } = null!;
    public string Path => $"{Home}/audit-log";

    public async Task OnGet()
    {
        var now = clock.GetUtcNow();
        var filter = Query.Filter(now);
        Log = await Query.Read(at => Send(new ReadAuditEvents(Organization, filter, at, Query.Rows)));
        Times = Histogram.Of(Log.Rows.Count == 0 ? new([], true) : await Send(new CountAuditEvents(Organization, filter)),
            filter.From, filter.To is { } to && to < now ? to : now);
        View = ListView.Of("Audit log", Path, Query, Log) with
        {
            File = $"{Path}/entries.csv",
            Counted = Times.Whole && Times.Bars.Count > 0 ? Times.Total : null,
            Offered = ListView.Offers(await Kinds(), await Job()),
        };
    }

    public AuditSentence Sentence(AuditEvent row) => AuditSentence.Of(row, Home);

    /// <summary>The kinds that there are, those of one class together.</summary>
    async Task<IEnumerable<(string, ListOption)>> Kinds() =>
        (await Send(new ReadAuditActions(Organization)))
            .Select(a => new ListOption(a, HistoryLabels.Of(a)) { Group = AuditSentence.MarkOf(AuditSentences.ClassOf(a)).Label })
            .OrderBy(o => o.Group, StringComparer.Ordinal).ThenBy(o => o.Label, StringComparer.Ordinal).Select(o => ("action", o));

    async Task<IEnumerable<(string, ListOption)>> Job() => Query.Job is { } job
        && await Send(new ReadJob(OrgId, new(job))) is { Granted: true, Value: var view } ? [("job", new(Query["job"]!, view.Title))] : [];
}
