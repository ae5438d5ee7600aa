namespace DirectoryPlatform.Sites;

/// <summary>Names of what can be done to many users at once (SPEC U3, U4, U5).</summary>
public static class UserActions
{
    public const string Invite = "invite", Suspend = "suspend", Restore = "restore", Remove = "remove";

    /// <summary>See <see cref="IBulkAction.Family"/>.</summary>
    public const string Family = "users";

    public static string Of(MembershipChange change) => change switch
    {
        MembershipChange.Suspend => Suspend,
        MembershipChange.Restore => Restore,
        MembershipChange.Remove => Remove,
    };
}

/// <summary>Kinds of jobs on users, for whoever shows jobs.</summary>
public static class UserJobs
{
    public const string Invitations = "invite users", Changes = "change users";

    public static bool Has(string kind) => kind is Invitations or Changes;
}

/// <summary>How a change of a membership is called.</summary>
public static class MembershipWords
{
    /// <param name="allSites">Whether it is about all sites of the organization, not about one.</param>
    public static BulkWords Of(MembershipChange change, bool allSites = false) => change switch
    {
        MembershipChange.Suspend => new("Suspend", "ban", "suspended", true,
            [$"They can no longer use any app of {(allSites ? "any" : "the")} site, starting now.",
                "Roles and groups are kept, dormant, and are restored when you restore access."
                    + (allSites ? "" : " Access to other sites does not change.")]),
        MembershipChange.Restore => new("Restore", "rotate-ccw", "restored", false,
            ["They get back the same roles and groups as before the suspension."]),
        MembershipChange.Remove => new("Remove", "user-minus", "removed", true,
            [allSites
                ? "Roles in the apps of all sites, and memberships in groups, are permanently removed."
                : "Roles in the site’s apps, and memberships in groups that give access there, are permanently removed.",
                "The account is kept. To return, the person must be invited again."]),
    };
}

/// <summary>Fixes the people of a change: what the admin looks at is what is done, whoever else changes users meanwhile.</summary>
/// <param name="Site">Null for all sites of the organization.</param>
public sealed record DraftChange(OrganizationId Organization, SiteId? Site, MembershipChange Change, IReadOnlyList<AccountId> Accounts,
    Origin Origin) : IRequest<Outcome<BulkDraftId>>;

/// <summary>The same by files and pasted text (SPEC M11). Who is no user there is told with the line, whoever has the address.</summary>
public sealed record DraftChangeByList(OrganizationId Organization, SiteId? Site, MembershipChange Change, AddressInput List, Origin Origin)
    : IRequest<Outcome<BulkDraftId>>;

/// <summary>Writes down managed people who are to be invited to a site that is chosen next. Unknown ids are left out.</summary>
public sealed record DraftInvitees(OrganizationId Organization, IReadOnlyList<AccountId> Accounts, Origin Origin)
    : IRequest<Outcome<BulkDraftId>>;

/// <summary>How many people such a list holds. Refuses with <see cref="NotFound"/>.</summary>
public sealed record CountInvitees(OrganizationId Organization, BulkDraftId Draft) : IRequest<Outcome<InviteeCount>>;

public sealed record InviteeCount(long People);

/// <summary>Prepares invitations to a site (SPEC U3), with roles, groups and a note for all.</summary>
/// <param name="List">Files of at most 5 MB each, and pasted text; <see cref="InviteUsers.MostTyped"/> rows together.</param>
/// <param name="Invitees">A list of <see cref="DraftInvitees"/>; null for none.</param>
public sealed record DraftInvitations(
    SiteId Site, AddressInput List, BulkDraftId? Invitees, IReadOnlyDictionary<string, AppRole> Roles, IReadOnlyList<GroupId> Groups,
    string? Note, Origin Origin) : IRequest<Outcome<BulkDraftId>>;

/// <summary>Lets the site's own admins see a job that is about their site alone.</summary>
public sealed record ShareJobWithSite(SiteId Site, JobId Job) : IRequest<Outcome<Done>>;

/// <summary>A job that is about this site alone; refuses with <see cref="NotFound"/> for every other.</summary>
public sealed record ReadSiteJob(SiteId Site, JobId Job) : IRequest<Outcome<JobView>>;

/// <summary>Jobs that are about this site alone, newest first, at most 20.</summary>
public sealed record ReadSiteJobs(SiteId Site) : IRequest<IReadOnlyList<JobView>>;
