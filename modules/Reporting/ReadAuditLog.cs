namespace DirectoryPlatform.Reporting;

/// <summary>Which entries are meant (SPEC L3).</summary>
/// <param name="Actor">Email address or id of who did it; somebody unknown did nothing.</param>
/// <param name="Person">Email address or id of whom it was done to; of a domain, a site, a policy or a job the id.</param>
/// <param name="Actions">Such as "AccountDeactivated"; null for all.</param>
/// <param name="From">Included.</param>
/// <param name="To">Not included.</param>
public sealed record AuditFilter(string? Actor = null, string? Person = null, IReadOnlyList<string>? Actions = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public static readonly AuditFilter Everything = new();

    /// <summary>As <see cref="Actor"/>, met by any of them; null for no such limit.</summary>
    public IReadOnlyList<string>? Actors { get; init; }

    /// <summary>Email address or id of somebody who did it or to whom it was done.</summary>
    public string? Either { get; init; }

    /// <summary>Only what this job did.</summary>
    public Guid? Job { get; init; }
}

/// <summary>One page of an organization's audit log, newest first. Refused with <see cref="BrokenCursor"/>.</summary>
/// <param name="Cursor">As given by an earlier page.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record ReadAuditLog(OrganizationId Organization, AuditFilter? Filter = null, string? Cursor = null, int Size = 50)
    : IRequest<Outcome<ListPage<AuditLine>>>;

/// <summary>What an entry is about.</summary>
public enum AuditSubject { Account, Domain, Site, Group, Policy, Job, Organization, Other, IdentityDirectory }

/// <param name="History">The deed as it reads in an account's history.</param>
/// <param name="Actor">Null for the platform itself.</param>
/// <param name="ActorEmail">Null when there is nobody, or nobody any more.</param>
/// <param name="Subject">Of the kind that <paramref name="Kind"/> says.</param>
/// <param name="SubjectName">Null when it is gone.</param>
/// <param name="Address">IP address; null when there was none or it was erased.</param>
public sealed record AuditLine(Guid Id, HistoryLine History, Guid? Actor, string? ActorEmail, Guid Subject, AuditSubject Kind,
    string? SubjectName, string? Address, string? RequestId, Guid? Job)
{
    /// <summary>The directory of the identity provider that did it; null when none did, or it is gone.</summary>
    public string? Provider { get; init; }

    /// <summary>How the fact called what it is about; null where it did not.</summary>
    public string? Was { get; init; }
}

/// <summary>The page of the log: as <see cref="ReadAuditLog"/>, and a job is one row, its beginning, however much it did; what it did is
/// read by <see cref="AuditFilter.Job"/>, and is a row of its own where one thing's entries are asked for (SPEC L4).</summary>
public sealed record ReadAuditEvents(OrganizationId Organization, AuditFilter Filter, string? Cursor = null, int Size = 50)
    : IRequest<Outcome<ListPage<AuditEvent>>>;

/// <summary>Where an organization has a page of somebody.</summary>
public enum PersonPlace { None, ManagedAccounts, Users }

/// <summary>An entry with the names of what it speaks of.</summary>
/// <param name="Names">Of sites, apps and other things by their ids, and of those that are gone by what the log says of them.</param>
/// <param name="People">Where its actor and its subject have a page, by their ids.</param>
/// <param name="Job">Where it is the beginning of one.</param>
public sealed record AuditEvent(AuditLine Line, IReadOnlyDictionary<string, string> Names, IReadOnlyDictionary<Guid, PersonPlace> People,
    AuditedJob? Job)
{
    /// <summary>Whether the site, by its id, is there.</summary>
    public required IReadOnlySet<string> Sites { get; init; }
}

/// <param name="Title">As it was announced: "Claim 202 accounts".</param>
/// <param name="Deed">As <see cref="JobView.Deed"/>.</param>
public sealed record AuditedJob(Guid Id, string Title, JobState State, (long Did, long Announced)? Deed = null);

/// <summary>An entry and what stands in the database, as JSON; refused with <see cref="NotFound"/> for anybody else's.</summary>
public sealed record ReadAuditEvent(OrganizationId Organization, Guid Entry) : IRequest<Outcome<AuditDetail>>;

public sealed record AuditDetail(AuditEvent Row, string Json);

/// <summary>How many rows of the page there are in each hour, the newest up to a limit.</summary>
public sealed record CountAuditEvents(OrganizationId Organization, AuditFilter Filter) : IRequest<AuditCounts>;

/// <param name="Hours">Those in which there are any, ascending, each as its beginning.</param>
/// <param name="Whole">Whether older ones were counted, too.</param>
public sealed record AuditCounts(IReadOnlyList<(DateTimeOffset At, long Rows)> Hours, bool Whole);

/// <summary>One entry of an organization's log; refused with <see cref="NotFound"/> for anybody else's.</summary>
public sealed record ReadAuditEntry(OrganizationId Organization, Guid Entry) : IRequest<Outcome<AuditLine>>;

/// <summary>
/// The log as a stream, oldest first, in the order in which it was sealed: who goes on from <see cref="AuditStretch.Next"/> sees every
/// entry once, whatever was written at the same moment. Refused with <see cref="BrokenCursor"/>.
/// </summary>
/// <param name="Cursor">As given by an earlier stretch.</param>
/// <param name="From">Where to begin without a cursor; null for the oldest entry.</param>
/// <param name="To">Entries from then on are left out; null for none.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record ReadSealedLog(OrganizationId Organization, string? Cursor = null, DateTimeOffset? From = null,
    DateTimeOffset? To = null, int Size = 100) : IRequest<Outcome<AuditStretch>>;

/// <param name="Next">Where to go on: always there, because more will come.</param>
public sealed record AuditStretch(IReadOnlyList<AuditLine> Lines, string Next);

/// <summary>The newest entries about who governs the organization and how people get in (<see cref="Actions"/>), newest first. Each of
/// these is done by one person at a time, so that no job's thousands stand before them.</summary>
/// <param name="Size">At most 50.</param>
public sealed record ReadSensitiveEvents(OrganizationId Organization, int Size = 6) : IRequest<IReadOnlyList<AuditLine>>
{
    public static readonly IReadOnlyList<string> Actions =
    [
        nameof(OrganizationAdminAppointed), nameof(OrganizationAdminDismissed), SiteActions.SiteAdminAppointed,
        SiteActions.SiteAdminDismissed, SiteActions.AccessAdminAppointed, SiteActions.AccessAdminDismissed, SiteActions.ExperienceChosen,
        SiteActions.SiteGroupsAllowed,
        SecurityActions.ApiKeyCreated, SecurityActions.ApiKeyRevoked, SecurityActions.ApiKeyTakenOver,
        SecurityActions.DeviceCodeConfirmed, SecurityActions.DeviceCodeRefused,
        SecurityActions.IdentityProviderInForce, SecurityActions.IdentityProviderRemoved, SecurityActions.PolicyCreated,
        SecurityActions.PolicyChanged, SecurityActions.PolicyDeleted, SecurityActions.PolicyRuleAdded, SecurityActions.PolicyRuleRemoved,
        SecurityActions.TwoStepReset, SecurityActions.RefreshTokenReused, ProvisioningActions.IdentityDirectoryCreated,
        ProvisioningActions.IdentityDirectoryRemoved, ProvisioningActions.ProvisioningTokenRenewed, ProvisioningActions.IdentitiesJoined,
        ProvisioningActions.IdentitiesSeparated, ReportingActions.AccountsExported, ReportingActions.UsersExported,
        ReportingActions.AuditLogExported,
    ];
}

/// <summary>The kinds of deeds that an organization's log holds, by name.</summary>
public sealed record ReadAuditActions(OrganizationId Organization) : IRequest<IReadOnlyList<string>>;

/// <summary>Streams entries as CSV, newest first.</summary>
public sealed record ExportAuditLog(OrganizationId Organization, AuditFilter Filter, Origin Origin, Stream Output)
    : IRequest<Outcome<Done>>;

/// <summary>Streams the sealed log as a file that <c>verify-audit</c> checks anywhere (SPEC L2).</summary>
public sealed record ExportSealedLog(OrganizationId Organization, Origin Origin, Stream Output) : IRequest<Outcome<Done>>;
