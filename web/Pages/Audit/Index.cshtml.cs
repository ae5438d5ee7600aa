using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using DirectoryPlatform.Web.Words;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Audit;

[Requires(Permission.ViewAuditLog)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromQuery] public AuditQuery Query { get; set; } = new();

    public AuditPage Log { get; private set; } = new([], null, null);
    public IReadOnlyList<string> Actions { get; private set; } = [];
    public string Path => $"{Home}/audit-log";

    public async Task OnGet()
    {
        Actions = await Send(new ReadAuditActions(Organization));
        if (Query.Fault is null) Log = await Send(Query.For(Organization));
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
