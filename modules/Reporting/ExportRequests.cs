namespace DirectoryPlatform.Reporting;

/// <summary>What a file of accounts holds: the managed accounts that a filter means (SPEC M9),
/// or everybody on a domain of the organization (D13).</summary>
/// <param name="Domain">Set for the second; then there is no filter.</param>
public sealed record ExportScope(ManagedAccountFilter Filter, DomainId? Domain = null)
{
    /// <summary>Whether each app has one more column, with the day on which it was last used (SPEC M9).</summary>
    public bool LastUse { get; init; }

    /// <summary>Set for a file of users; then none of the others counts.</summary>
    public UsersExport? Users { get; init; }

    /// <param name="site">Null for all sites of the organization.</param>
    public static ExportScope Of(SiteId? site, UserFilter filter, bool groupColumns) =>
        new(ManagedAccountFilter.Everybody) { Users = new(site, filter, groupColumns) };

    /// <summary>Up to this many rows are sent at once; more are written by a job (SPEC issue "export").</summary>
    public const int Direct = 10_000;
}

/// <summary>The users of a site as a file (SPEC U8): name, email, account id, status, managed or external, added, last active, one column
/// per app with the role, and groups as a list or as columns. Of all sites (U15) it holds whom the organization's list shows, with a row
/// for each of their sites and one more column, which names it; who is on no site has one row without a name.</summary>
/// <param name="Site">Null for all sites of the organization.</param>
/// <param name="GroupColumns">A column for each group that opens something on the site, up to <see cref="MostGroupColumns"/>; otherwise
/// one column with a list of those, in the file of all sites of all groups.</param>
public sealed record UsersExport(SiteId? Site, UserFilter Filter, bool GroupColumns)
{
    /// <summary>How the titles of jobs begin that write such files, and those of no others.</summary>
    public const string TitleBegins = "Export users of ";

    public const string TitleOfAll = $"{TitleBegins}all sites";

    /// <summary>A spreadsheet ends somewhere (own choice).</summary>
    public const int MostGroupColumns = 200;
}

/// <summary>How large the file would be. Refuses a domain, and a site, that is not the organization's own.</summary>
public sealed record MeasureExport(OrganizationId Organization, ExportScope Scope) : IRequest<Outcome<ExportSize>>;

/// <param name="Title">What it is of, in words.</param>
/// <param name="Rows">Exact up to <see cref="ExportScope.Direct"/>, and one more when there are more.</param>
public sealed record ExportSize(string Title, string FileName, long Rows)
{
    public bool IsDirect => Rows <= ExportScope.Direct;
}

/// <summary>Streams the file with constant memory. Refused before the first byte.</summary>
public sealed record StreamExport(OrganizationId Organization, ExportScope Scope, Origin Origin, Stream Output) : IRequest<Outcome<Done>>;

/// <summary>Starts a job that writes the file; it can be downloaded from the job's page for seven days.</summary>
public sealed record BeginExport(OrganizationId Organization, ExportScope Scope, Origin Origin) : IRequest<Outcome<JobId>>;

/// <summary>The file of a finished export. Refuses with <see cref="NotFound"/> before it is finished, after it is deleted,
/// and to any other organization.</summary>
/// <param name="OfAccounts">For programs, whose scope shows accounts: a file of users, too, answers as an unknown one.</param>
public sealed record ReadExport(OrganizationId Organization, JobId Job, bool OfAccounts = false) : IRequest<Outcome<ExportedFile>>;

public sealed record ExportedFile(string FileName, long Rows, DateTimeOffset ExpiresAt);

/// <summary>Streams that file, part by part.</summary>
/// <param name="OfAccounts">As for <see cref="ReadExport"/>.</param>
public sealed record DownloadExport(OrganizationId Organization, JobId Job, Stream Output, bool OfAccounts = false) :
    IRequest<Outcome<Done>>;

/// <summary>Streams a job's per-account results as CSV (SPEC C2, C9): Email, Name, Account id, Result. Refuses a job of another
/// organization before the first byte.</summary>
public sealed record ExportJobResults(OrganizationId Organization, JobId Job, Stream Output) : IRequest<Outcome<Done>>;
