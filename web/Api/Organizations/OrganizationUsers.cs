using DirectoryPlatform.Web.Api.Management;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Users of the organization's sites (SPEC U2), as version 2 of that API shows them;
/// the same queries as the Users pages.</summary>
static class OrganizationUsers
{
    const string All = $"{Orgs.Directory}/users", One = $"{All}/{{accountId:guid}}";

    /// <summary>Addresses or ids in one search (own choice; that API takes ten).</summary>
    const int MostNamed = 1_000;

    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ManageUsers, ApiScope.UsersRead).OfDirectory();
        read.MapGet(All, List);
        read.MapPost($"{All}/search", Search).WithMetadata(new OnlyLooks());
        read.MapGet($"{All}/count", async (ApiCall call) =>
            ApiResult.Plain(new { count = (await call.Send(new CountUsers(new(call.Organization)))).Total }));
        read.MapGet($"{All}/stats", Stats);
        read.MapGet(One, async (ApiCall call, Guid accountId) => (await Read(call, accountId)).Shown(u => Whole(call, u)));
        read.MapGet($"{One}/role-assignments", async (ApiCall call, Guid accountId) => (await Read(call, accountId)).Shown(Roles));
        app.MapGet($"{Orgs.V1}/directory/users/{{accountId:guid}}/last-active-dates", async (ApiCall call, Guid accountId) =>
            (await Read(call, accountId)).Shown(LastActiveDates)).Requires(Permission.ManageUsers, ApiScope.UsersRead);
        var manage = app.Requiring(Permission.ManageUsers, ApiScope.UsersManage).OfDirectory();
        foreach (var (method, rest, change) in ((string, string, MembershipChange)[])[
            ("POST", "/suspend", MembershipChange.Suspend), ("POST", "/restore", MembershipChange.Restore),
            ("DELETE", "", MembershipChange.Remove)])
            manage.MapMethods(One + rest, [method], (ApiCall call, Guid accountId) => ChangeOne(call, new(accountId), change));
    }

    static async Task<ApiResult> List(ApiCall call)
    {
        var size = call.Size;
        if (!size.Granted) return size.Refusal;
        var query = call.Http.Request.Query;
        var filter = new UserFilter(call.Text("searchTerm"), StatusOf(call.Text("status")), TypeOf(call.Text("claimStatus")),
            Group: Guid.TryParse(call.Text("groupIds"), out var group) ? new GroupId(group) : null)
        { Only = query.ContainsKey("accountIds") ? Ids(query["accountIds"]) : null };
        return await Page(call, filter, call.Cursor, size.Value);
    }

    static async Task<ApiResult> Search(ApiCall call)
    {
        var body = await call.Body<SearchBody>(mayBeMissing: true);
        if (!body.Granted) return body.Refusal;
        var asked = body.Value;
        if (asked.Limit is < 1 || asked.Emails?.Count > MostNamed || asked.AccountIds?.Count > MostNamed)
            return new InvalidValue("limit", $"Ask for at least one, and name at most {MostNamed:N0}.");
        // Whether an address that is nobody's here has an account is not told: the list alone decides.
        var named = asked.Emails is null
            ? null
            : (await call.Send(new FindAccounts([.. asked.Emails.Select(EmailAddress.Parse).Where(e => e.Granted).Select(e => e.Value)])))
                .Select(a => a.Id).ToList();
        var ids = asked.AccountIds is null ? null : Ids(asked.AccountIds);
        var filter = new UserFilter(asked.SearchTerm, StatusOf(asked.Status), TypeOf(asked.ClaimStatus))
        {
            Only = named is not null && ids is not null ? [.. named.Intersect(ids)] : named ?? ids,
        };
        return await Page(call, filter, asked.Cursor, Math.Min(asked.Limit ?? 100, 1_000));
    }

    static async Task<ApiResult> Page(ApiCall call, UserFilter filter, string? cursor, int size) =>
        (await call.Send(new ListUsers(new(call.Organization), filter, Cursor: cursor, Size: size))).Shown(page => ApiResult.Of(
            page.Rows.Select(r => new Shaped(
                r.Account?.Value, r.Account is null ? r.Id : null, "atlassian",
                r.State is { } state ? ProfileRoutes.StatusOf(state) : "active", r.Status is { } status ? StatusName(status) : "none",
                r.Managed ? "managed" : "unmanaged", r.Name, r.Email, r.AddedAt.UtcDateTime, r.LastActiveAt?.UtcDateTime,
                $"{call.Organization}", r.Places)),
            new { self = cursor, prev = page.Previous, next = page.Next }));

    static async Task<ApiResult> Stats(ApiCall call)
    {
        var counts = await call.Send(new CountUsers(new(call.Organization)));
        var admins = await call.Send(new ReadOrganizationAdmins(call.Organization));
        return ApiResult.Plain(new
        {
            roles = (object[])[new { roleId = "atlassian/org-admin", count = admins.Count }],
            membershipStatus = (object[])[new { status = "active", count = counts.Active },
                new { status = "invited", count = counts.Invited }, new { status = "suspended", count = counts.Suspended }],
        });
    }

    static ApiResult Whole(ApiCall call, UserProfile user) => ApiResult.Of(new Detailed(
        user.Id.Value, "atlassian", ProfileRoutes.StatusOf(user.State), user.Managed ? "managed" : "unmanaged", user.Name, user.Email,
        user.JobTitle, user.Department, user.Location, user.TimeZone, $"{call.Organization}",
        [.. user.Sites.Select(s => new OnSite(s.Id.Value, s.Name, StatusName(s.Status), s.AddedAt.UtcDateTime,
            s.LastActiveAt?.UtcDateTime))], [.. user.Groups.Select(g => new InGroup(g.Id.Value, g.Name))]));

    static ApiResult Roles(UserProfile user) => ApiResult.Of(
        user.Sites.SelectMany(s => s.Apps.Where(a => a.Effective is not null).Select(a => new Assignment(
            OrganizationShape.ResourceOf(a.Id, s.Id), a.Id, [OrganizationShape.NameOf(a.Effective!.Value)],
            a.Direct is { } direct ? [OrganizationShape.NameOf(direct)] : [], a.ByGroups))),
        new { next = (string?)null });

    static ApiResult LastActiveDates(UserProfile user) => ApiResult.Of(
        new Dates(
            [.. user.Sites.Where(s => s.LastActiveAt is not null).SelectMany(s => s.Apps.Where(a => a.Effective is not null)
                .Select(a => new Product(OrganizationShape.ResourceOf(a.Id, s.Id), a.Id, s.LastActiveAt!.Value.UtcDateTime)))],
            user.Sites.Min(s => s.AddedAt).UtcDateTime),
        names: ApiAnswer.Snake);

    static async Task<ApiResult> ChangeOne(ApiCall call, AccountId account, MembershipChange change)
    {
        var changed = await call.Execute(new ChangeMembership(call.Organization, null, [account], change, call.Origin));
        // Asking for a state that is there already is granted, so that a repeated request does no harm.
        return changed[0].Refusal is AlreadySuspended or NotSuspended ? ApiResult.Nothing : changed[0].Done();
    }

    static Task<Outcome<UserProfile>> Read(ApiCall call, Guid account) =>
        call.Send(new ReadUser(new(call.Organization), new(account)));

    /// <summary>What is no id names nobody.</summary>
    static List<AccountId> Ids(IEnumerable<string?> given) =>
        [.. given.SelectMany(g => (g ?? "").Split(',')).Take(MostNamed)
            .Select(g => Guid.TryParse(g, out var id) ? new AccountId(id) : (AccountId?)null).OfType<AccountId>()];

    static string StatusName(UserStatus status) => status switch
    {
        UserStatus.Active => "active",
        UserStatus.Invited => "invited",
        UserStatus.Suspended => "suspended",
    };

    static UserStatus? StatusOf(string? name) => name switch
    {
        "active" => UserStatus.Active,
        "invited" => UserStatus.Invited,
        "suspended" => UserStatus.Suspended,
        _ => null,
    };

    static UserType? TypeOf(string? name) => name switch
    {
        "managed" => UserType.Managed,
        "unmanaged" => UserType.External,
        _ => null,
    };

    /// <param name="Emails">Exactly these addresses.</param>
    sealed record SearchBody(IReadOnlyList<string>? Emails, IReadOnlyList<string>? AccountIds, string? SearchTerm, string? Status,
        string? ClaimStatus, string? Cursor, int? Limit);

    /// <param name="AccountId">Left out for an invitation that waits, which has the other id.</param>
    /// <param name="Resources">Names of the sites.</param>
    sealed record Shaped(
        Guid? AccountId, Guid? InvitationId, string AccountType, string AccountStatus, string MembershipStatus, string ClaimStatus,
        string Name, string Email, DateTime AddedToOrg, DateTime? LastActive, string DirectoryId,
        IReadOnlyList<string> Resources);

    sealed record Detailed(
        Guid AccountId, string AccountType, string AccountStatus, string ClaimStatus, string Name, string Email, string? JobTitle,
        string? Department, string? Location, string? Zoneinfo, string DirectoryId,
        IReadOnlyList<OnSite> Sites, IReadOnlyList<InGroup> Groups);

    sealed record OnSite(Guid Id, string Name, string MembershipStatus, DateTime AddedAt, DateTime? LastActive);

    sealed record InGroup(Guid Id, string Name);

    /// <param name="Roles">What holds in the end.</param>
    /// <param name="Direct">What was given to the person.</param>
    /// <param name="ByGroups">Names of the groups that give some.</param>
    sealed record Assignment(string ResourceId, string ResourceOwner, IReadOnlyList<string> Roles, IReadOnlyList<string> Direct,
        IReadOnlyList<string> ByGroups);

    sealed record Dates(IReadOnlyList<Product> ProductAccess, DateTime AddedToOrg);

    sealed record Product(string Id, string Key, DateTime LastActive);
}
