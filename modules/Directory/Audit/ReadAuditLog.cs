using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Directory;

/// <summary>Which entries are meant (SPEC L3).</summary>
/// <param name="Actor">Email address or id of who did it; somebody unknown did nothing.</param>
/// <param name="Person">Email address or id of whom it was done to; of a domain, a site, a policy or a job the id.</param>
/// <param name="Action">Such as "AccountDeactivated".</param>
/// <param name="From">Day in UTC, included.</param>
/// <param name="To">Day in UTC, included.</param>
public sealed record AuditFilter(string? Actor = null, string? Person = null, string? Action = null, DateOnly? From = null, DateOnly? To = null)
{
    public static readonly AuditFilter Everything = new();
}

/// <summary>One page of an organization's audit log, newest first, by keyset: a page costs the same wherever it lies.</summary>
/// <param name="Cursor">As given by an earlier page; one that does not fit is read as the first page.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record ReadAuditLog(OrganizationId Organization, AuditFilter? Filter = null, string? Cursor = null, int Size = 50) : IRequest<AuditPage>;

public sealed record AuditPage(IReadOnlyList<AuditLine> Lines, string? Next, string? Previous);

/// <summary>What an entry is about.</summary>
public enum AuditSubject { Account, Domain, Site, Group, Policy, Job, Organization, Other }

/// <param name="History">The deed as it reads in an account's history.</param>
/// <param name="Actor">Null for the platform itself.</param>
/// <param name="Subject">Of the kind that <paramref name="Kind"/> says.</param>
/// <param name="SubjectName">Null when it is gone.</param>
/// <param name="Address">IP address; null when there was none or it was erased.</param>
public sealed record AuditLine(Guid Id, HistoryLine History, Guid? Actor, Guid Subject, AuditSubject Kind, string? SubjectName, string? Address, string? RequestId, Guid? Job);

/// <summary>The kinds of deeds that an organization's log holds, by name.</summary>
public sealed record ReadAuditActions(OrganizationId Organization) : IRequest<IReadOnlyList<string>>;

/// <summary>Streams entries as CSV, newest first.</summary>
public sealed record ExportAuditLog(OrganizationId Organization, AuditFilter Filter, Origin Origin, Stream Output) : IRequest<Outcome<Done>>;

/// <summary>Streams the sealed log as a file that <c>verify-audit</c> checks anywhere (SPEC L2).</summary>
public sealed record ExportSealedLog(OrganizationId Organization, Origin Origin, Stream Output) : IRequest<Outcome<Done>>;
