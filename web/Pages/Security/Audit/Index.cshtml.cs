namespace DirectoryPlatform.Web.Pages.Security.Audit;

[Requires(Permission.ViewAuditLog)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromQuery] public AuditQuery Query { get; set; } = new();

    public ListPage<AuditLine> Log { get; private set; } = ListPage<AuditLine>.Empty;
    public ListView View { get; private set; } = null!;
    public string Path => $"{Home}/audit-log";

    public async Task OnGet()
    {
        Log = await Query.Read(at => Send(Query.For(Organization, at)));
        View = ListView.Of("Audit log", Path, Query, Log) with
        {
            File = $"{Path}/entries.csv",
            Offered = ListView.Offers((await Send(new ReadAuditActions(Organization)))
                .Select(a => ("action", new ListOption(a, HistoryLabels.Of(a))))),
        };
    }

    /// <summary>Where the thing that an entry is about has a page of its own; null where it has none, or is gone.</summary>
    public string? PageOf(AuditLine line) => line.SubjectName is null ? null : line.Kind switch
    {
        AuditSubject.Account => $"{Home}/members/{line.Subject}",
        AuditSubject.Domain => $"{Home}/domains/{line.Subject}",
        AuditSubject.Group => $"{Home}/groups/{line.Subject}",
        AuditSubject.Policy => $"{Home}/policies/{line.Subject}",
        AuditSubject.Job => $"{Home}/jobs/{line.Subject}",
        AuditSubject.IdentityDirectory => $"{Home}/identity-providers/{line.Subject}",
        AuditSubject.Site => $"{Home}/sites/{line.Subject}",
        _ => null,
    };

    /// <summary>Who did it, where no person did.</summary>
    public static string Platform(AuditLine line) =>
        line.Provider ?? (HistoryLabels.IsByProvider(line.History) ? "An identity provider" : "The platform");

    public static string NameOf(AuditLine line) => line.SubjectName ?? line.Kind switch
    {
        AuditSubject.Organization => "The organization",
        _ => line.Subject.ToString(),
    };
}
