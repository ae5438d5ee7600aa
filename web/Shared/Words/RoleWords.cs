namespace DirectoryPlatform.Web.Words;

/// <summary>How roles are called on pages.</summary>
static class RoleWords
{
    public static string Of(Role role) => role switch
    {
        Role.Anybody => "Anybody, not signed in",
        Role.Person => "Person, for the own account",
        Role.OrganizationAdmin => "Admin of the organization",
        Role.SiteAdmin => "Site admin, on the own site",
        Role.AccessAdmin => "User access admin, for the own app",
        Role.Provider => "Identity provider, with its directory’s token",
    };
}
