namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>A person's profile as both Users pages show it.</summary>
/// <param name="Path">Of the profile.</param>
/// <param name="OfSite">Whether it is one site's view.</param>
/// <param name="MayManage">Whether the visitor may suspend, restore and remove.</param>
/// <param name="MayDecideApps">The apps that the visitor may give roles in; null for all.</param>
/// <param name="IsOrganizationAdmin">For what only the organization's admins see: the managed account, groups.</param>
public sealed record UserFace(UserProfile Person, OrganizationId Organization, string Path, bool OfSite, bool MayManage,
    IReadOnlyList<string>? MayDecideApps, bool IsOrganizationAdmin)
{
    /// <summary>The person is on a domain of the organization and not claimed (SPEC C10).</summary>
    public bool MayClaim { get; init; }

    public bool MayGive => MayDecideApps is not { Count: 0 };
}
