using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Sites;

/// <summary>What can be done to many users at once (SPEC U3, U4, U5).</summary>
public enum UserAction { Invite = 1, Suspend = 2, Restore = 3, Remove = 4 }

/// <summary>A deed on many users being prepared; void after a day. Its id becomes the job's id.</summary>
public readonly record struct UserDraftId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>Fixes the people of a change: what the admin looks at is what is done, whoever else changes users meanwhile.</summary>
/// <param name="Site">Null for all sites of the organization.</param>
public sealed record DraftChange(OrganizationId Organization, SiteId? Site, MembershipChange Change, IReadOnlyList<AccountId> Accounts,
    Origin Origin) : IRequest<Outcome<UserDraftId>>;

/// <summary>Writes down managed people who are to be invited to a site that is chosen next. Unknown ids are left out.</summary>
public sealed record DraftInvitees(OrganizationId Organization, IReadOnlyList<AccountId> Accounts, Origin Origin)
    : IRequest<Outcome<UserDraftId>>;

/// <summary>How many people such a list holds. Refuses with <see cref="NotFound"/> or <see cref="DraftVoid"/>.</summary>
public sealed record CountInvitees(OrganizationId Organization, UserDraftId Draft) : IRequest<Outcome<InviteeCount>>;

public sealed record InviteeCount(long People);

/// <summary>Prepares invitations to a site (SPEC U3), with roles, groups and a note for all.</summary>
/// <param name="List">Files of at most 5 MB each, and pasted text; <see cref="InviteUsers.MostTyped"/> rows together.</param>
/// <param name="Invitees">A list of <see cref="DraftInvitees"/>; null for none.</param>
public sealed record DraftInvitations(
    SiteId Site, AddressInput List, UserDraftId? Invitees, IReadOnlyDictionary<string, AppRole> Roles,
    IReadOnlyList<GroupId> Groups, string? Note, Origin Origin) : IRequest<Outcome<UserDraftId>>;

/// <summary>Prepares the opposite of a suspension or a restoration that has ended:
/// for exactly the people, and on exactly the sites, that it changed.</summary>
public sealed record DraftUndo(OrganizationId Organization, JobId Job, Origin Origin) : IRequest<Outcome<UndoDraft>>;

/// <param name="Site">Where the undo is reviewed; null for all sites.</param>
public sealed record UndoDraft(UserDraftId Draft, SiteId? Site);

/// <summary>The dry run (SPEC C8): the same decisions as the job's, and nothing written.
/// Refuses with <see cref="DraftVoid"/> when it was carried out.</summary>
/// <param name="Site">As it was prepared for; another site's draft is answered as an unknown one.</param>
public sealed record ReviewUserDraft(OrganizationId Organization, SiteId? Site, UserDraftId Draft, AccountId Viewer)
    : IRequest<Outcome<UserReview>>;

/// <param name="Where">The site, by name; null for all sites of the organization.</param>
/// <param name="Undoes">The job whose doing is taken back; null otherwise.</param>
/// <param name="Will">What will be done, by outcome code, if nothing changes until the job runs.</param>
/// <param name="Refused">The others by reason, with their number.</param>
/// <param name="Sample">Names, or addresses, of some to whom it will be done.</param>
/// <param name="LeftOut">Checked rows that are not there, or not any more.</param>
/// <param name="BadLines">Of a file, at most the first 100.</param>
/// <param name="Groups">Names of groups that are left by a removal, or entered by an invitation; at most 20.</param>
/// <param name="Grants">Own roles that end by a removal.</param>
/// <param name="Roles">Of an invitation, by name of the app.</param>
/// <param name="MustTypeNumber">From 1,000 people on the admin types their number to confirm.</param>
public sealed record UserReview(
    UserDraftId Draft, UserAction Deed, string? Where, JobId? Undoes, IReadOnlyDictionary<string, long> Will,
    IReadOnlyList<ClaimRefusalCount> Refused, IReadOnlyList<string> Sample, long LeftOut, long BadLineCount,
    IReadOnlyList<BadLine> BadLines, IReadOnlyList<string> Groups, long Grants, IReadOnlyDictionary<string, AppRole> Roles, string? Note,
    bool MustTypeNumber)
{
    public long Number => Will.Values.Sum();
}

/// <summary>Starts the job. Sending it twice starts one job.</summary>
/// <param name="TypedNumber">What the admin typed, when <see cref="UserReview.MustTypeNumber"/>.</param>
public sealed record ConfirmUserDraft(OrganizationId Organization, SiteId? Site, UserDraftId Draft, string? TypedNumber, Origin Origin)
    : IRequest<Outcome<JobId>>;

/// <summary>The dry run line by line, or person by person, as CSV.</summary>
public sealed record ExportUserReview(OrganizationId Organization, SiteId? Site, UserDraftId Draft, AccountId Viewer, Stream Output)
    : IRequest<Outcome<Done>>;

/// <summary>What became of each line, or person, as CSV. Refuses a job of another kind or organization before the first byte.</summary>
public sealed record ExportUserResults(OrganizationId Organization, JobId Job, Stream Output) : IRequest<Outcome<Done>>;

/// <summary>Lets the site's own admins see a job that is about their site alone.</summary>
public sealed record ShareJobWithSite(SiteId Site, JobId Job) : IRequest<Outcome<Done>>;

/// <summary>A job that is about this site alone; refuses with <see cref="NotFound"/> for every other.</summary>
public sealed record ReadSiteJob(SiteId Site, JobId Job) : IRequest<Outcome<JobView>>;

/// <summary>Jobs that are about this site alone, newest first, at most 20.</summary>
public sealed record ReadSiteJobs(SiteId Site) : IRequest<IReadOnlyList<JobView>>;

/// <summary>Kinds of jobs on users, for whoever shows jobs.</summary>
public static class UserJobs
{
    public const string Invitations = "invite users", Changes = "change users";

    public static bool Has(string kind) => kind is Invitations or Changes;

    /// <summary>What can be undone: a removal takes roles away for good, and an invitation is taken back by itself.</summary>
    public static bool IsUndoable(JobView job) => job is { Kind: Changes, Ended: true }
        && (job.Counts.ContainsKey("suspended") || job.Counts.ContainsKey("restored"));
}
