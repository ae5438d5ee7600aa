namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>What both Users lists show: an organization's and a site's.</summary>
/// <param name="Path">Of the list.</param>
/// <param name="Site">Null for the organization's.</param>
/// <param name="Apps">To filter by.</param>
/// <param name="MayManage">Whether the visitor may invite, suspend, restore and remove.</param>
public sealed record UserList(string Path, OrganizationId Organization, SiteId? Site, UserQuery Query, ListPage<UserRow> List,
    IReadOnlyList<AppView> Apps, IReadOnlyList<SiteView> Sites, bool MayManage)
{
    public ListView View => ListView.Of("Users", Path, Query, List) with
    {
        File = MayManage && Site is not null ? $"{Path}/export" : null,
        ByList = MayManage && Query.Kind is not UserType.NeverInvited ? $"{Path}/change-list" : null,
        Offered = ListView.Offers(
            Apps.Select(a => ("app", new ListOption(a.Id, a.Name))), Site is null ? [] : UserQuery.TypesOnSite),
    };

    public string ProfileOf(UserRow row) => row switch
    {
        { Account: null, InvitedTo: { } site } => $"/s/{site}/invitations/{row.Id}",
        { Status: null } => $"/o/{Organization}/members/{row.Id}",
        _ => $"{Path}/{row.Id}",
    };
}
