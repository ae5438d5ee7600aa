namespace DirectoryPlatform.Sites;

/// <summary>What is done to organizations, sites, their users and their groups. The words stand in sealed entries:
/// a constant may get another name, its value never changes.</summary>
public static class SiteActions
{
    public const string AccessAdminAppointed = "AccessAdminAppointed";
    public const string AccessAdminDismissed = "AccessAdminDismissed";
    public const string AddedToGroup = "AddedToGroup";
    public const string AppPutOnSite = "AppPutOnSite";
    public const string AppRoleGiven = "AppRoleGiven";
    public const string AppRoleTaken = "AppRoleTaken";
    public const string AppTakenOffSite = "AppTakenOffSite";
    public const string DetailsSuggested = "DetailsSuggested";
    public const string ExperienceChosen = "ExperienceChosen";
    public const string GroupAccessChanged = "GroupAccessChanged";
    public const string GroupChanged = "GroupChanged";
    public const string GroupCreated = "GroupCreated";
    public const string GroupDeleted = "GroupDeleted";
    public const string GroupExternalIdChanged = "GroupExternalIdChanged";
    public const string GroupGivenBack = "GroupGivenBack";
    public const string InvitationAccepted = "InvitationAccepted";
    public const string InvitationResent = "InvitationResent";
    public const string InvitationRevoked = "InvitationRevoked";
    public const string MailWordingChanged = "MailWordingChanged";
    public const string OrganizationCreated = "OrganizationCreated";
    public const string OrganizationDeleted = "OrganizationDeleted";
    public const string OrganizationRenamed = "OrganizationRenamed";
    public const string RemovedFromGroup = "RemovedFromGroup";
    public const string SiteAdminAppointed = "SiteAdminAppointed";
    public const string SiteAdminDismissed = "SiteAdminDismissed";
    public const string SiteGroupsAllowed = "SiteGroupsAllowed";
    public const string SiteCreated = "SiteCreated";
    public const string SiteRemoved = "SiteRemoved";
    public const string SiteRenamed = "SiteRenamed";
    public const string SuggestionAccepted = "SuggestionAccepted";
    public const string SuggestionDeclined = "SuggestionDeclined";
    public const string UserAdded = "UserAdded";
    public const string UserInvited = "UserInvited";
    public const string UserRemoved = "UserRemoved";
    public const string UserRestored = "UserRestored";
    public const string UserSuspended = "UserSuspended";
}
