namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Members of users that are looked up for those of one page, in version 2 by the words of its <c>expand</c>.</summary>
static class UserDetailsShape
{
    const string Roles = "platformRoles", Resources = "counts.resources", Products = "productAccess", Groups = "groups";

    public static readonly string[] Expandable = [Roles, Resources, Products, Groups];

    public static UserParts PartsOf(Asked asked) => (asked.All("expand") ?? []).Aggregate(UserParts.None, (parts, word) =>
        parts | word switch
        {
            Roles => UserParts.Roles,
            Groups => UserParts.Groups,
            _ => UserParts.Apps,
        });

    public static async Task<IReadOnlyDictionary<AccountId, UserDetails>> Read(ApiCall call, IEnumerable<AccountId> accounts,
        UserParts parts) => await call.Send(new ReadUserDetails(call.Organization, [.. accounts], parts));

    public static IReadOnlyList<string>? RolesOf(Asked asked, UserDetails? details) => Wants(asked, Roles) ? RolesOf(details) : null;

    public static IReadOnlyList<string> RolesOf(UserDetails? details) => [.. (details?.Roles ?? []).Select(UserWords.NameOf)];

    public static Numbers? CountsOf(Asked asked, UserDetails? details) => Wants(asked, Resources) ? CountsOf(details) : null;

    public static Numbers CountsOf(UserDetails? details) => new(details?.Apps.Count ?? 0);

    public static IReadOnlyList<Product>? ProductsOf(Asked asked, UserDetails? details) => Wants(asked, Products)
        ? [.. (details?.Apps ?? []).Select(a => new Product(a.App, OrganizationShape.ResourceOf(a.App, a.Site),
            a.LastActiveAt?.UtcDateTime))]
        : null;

    public static IReadOnlyList<InGroup>? GroupsOf(Asked asked, UserDetails? details) => Wants(asked, Groups) ? GroupsOf(details) : null;

    public static IReadOnlyList<InGroup> GroupsOf(UserDetails? details) =>
        [.. (details?.Groups ?? []).Select(g => new InGroup(g.Id.Value, g.Name, g.Description))];

    static bool Wants(Asked asked, string word) => asked.All("expand")?.Contains(word) == true;

    public sealed record Numbers(int Resources);

    /// <param name="Id">Of the app on the site.</param>
    /// <param name="LastActiveTimestamp">Left out for never.</param>
    public sealed record Product(string Key, string Id, DateTime? LastActiveTimestamp);

    public sealed record InGroup(Guid Id, string Name, string? Description);
}
