using DirectoryPlatform.Web.Api.Document;
using DirectoryPlatform.Web.Api.Management;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Users of the organization's sites (SPEC U2), as version 2 of that API shows them;
/// the same queries as the Users pages.</summary>
static class OrganizationUsers
{
    const string All = $"{Orgs.Directory}/users", One = $"{All}/{{accountId:guid}}";

    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ManageUsers, ApiScope.UsersRead);
        read.MapGet(All, List);
        read.MapPost($"{All}/search", Search).WithMetadata(new OnlyLooks());
        read.MapGet($"{All}/count", Count);
        read.MapGet($"{All}/stats", Stats);
        read.MapGet(One, (ApiCall call, Guid accountId) => Whole(call, accountId));
        read.MapGet($"{One}/role-assignments", async (ApiCall call, Guid accountId) =>
            (await Read(call, accountId)).Shown(u => Roles(call, u)));
        app.MapGet($"{Orgs.V1}/directory/users/{{accountId:guid}}/last-active-dates", async (ApiCall call, Guid accountId) =>
            (await Read(call, accountId)).Shown(u => LastActiveDates(call, u))).Requires(Permission.ManageUsers, ApiScope.UsersRead);
        var manage = app.Requiring(Permission.ManageUsers, ApiScope.UsersManage);
        const string old = $"{Orgs.V1}/directory/users/{{accountId:guid}}";
        foreach (var (method, path, change) in ((string, string, MembershipChange)[])[
            ("POST", $"{One}/suspend", MembershipChange.Suspend), ("POST", $"{One}/restore", MembershipChange.Restore),
            ("DELETE", One, MembershipChange.Remove), ("POST", $"{old}/suspend-access", MembershipChange.Suspend),
            ("POST", $"{old}/restore-access", MembershipChange.Restore), ("DELETE", old, MembershipChange.Remove)])
            manage.MapMethods(path, [method], (ApiCall call, Guid accountId) => ChangeOne(call, new(accountId), change));
    }

    static Task<ApiResult> List(ApiCall call) => Page(call, FilterOf(call));

    static async Task<ApiResult> Search(ApiCall call)
    {
        if (await call.Search() is { } refusal) return refusal;
        if (call.Asked.All("emails") is not null && call.Asked.Text("searchTerm") is not null)
            return new InvalidValue("emails", "Search by emails or by searchTerm, not by both.");
        if (call.Asked.All(Parameter.Sort)?.Count > 1) return new InvalidValue(Parameter.Sort, "Sort by one field.");
        return await Page(call, FilterOf(call), call.Asked.Text(Parameter.Sort)?.EndsWith(" desc", StringComparison.Ordinal) == true);
    }

    static UserFilter FilterOf(ApiCall call)
    {
        var asked = call.Asked;
        var type = asked.Text("claimStatus") is { } claim ? UserWords.Claims.Of(claim) : (UserType?)null;
        var (memberships, standings) = (asked.All("membershipStatus", UserWords.Memberships.Of),
            asked.All("status", UserWords.Standings.Of));
        return new(asked.Text("searchTerm"), Type: type)
        {
            // What is in no directory of ours is nobody.
            Only = Orgs.IsOwn(call) ? asked.All("accountIds", id => new AccountId(Guid.Parse(id))) : [],
            // Whether an address that is nobody's here has an account is not told: the list alone decides.
            Emails = asked.All("emails", e => EmailAddress.Parse(e).Value.Value),
            Domains = asked.All("emailDomains", d => DomainName.Normalise(d).Value),
            Groups = asked.All("groupIds", id => new GroupId(Guid.Parse(id))),
            Memberships = memberships,
            States = asked.All("accountStatus", UserWords.Accounts.Of)?.SelectMany(s => s).ToList(),
            Standings = standings,
            TwoStep = asked.Flag("mfaEnabled"),
            Roles = asked.All("roleIds", UserWords.RoleOf)?.OfType<UserRole>().ToList(),
            Resources = asked.All("resourceIds", r => OrganizationShape.ReadResource(r)!.Value)?.Select(r => new AppOnSite(r.App, r.Site))
                .ToList(),
            NeverInvited = type is UserType.Managed || memberships?.Contains(null) == true
                || standings?.Contains(UserStanding.NotInvited) == true,
        };
    }

    static async Task<ApiResult> Page(ApiCall call, UserFilter filter, bool descending = false)
    {
        var page = await call.Send(new ListUsers(new(call.Organization), filter, Descending: descending, Cursor: call.Cursor,
            Size: call.Size));
        if (!page.Granted) return page.Refusal;
        var details = await UserDetailsShape.Read(call, page.Value.Rows.Select(r => r.Account).OfType<AccountId>(),
            UserDetailsShape.PartsOf(call.Asked));
        return ApiResult.Of(page.Value.Rows.Select(r =>
        {
            var more = r.Account is { } account ? details.GetValueOrDefault(account) : null;
            return new Shaped(
                r.Account?.Value, r.Account is null ? r.Id : null, "atlassian",
                UserWords.Standings.For(UserWords.StandingOf(r.State, r.Status)),
                r.State is { } state ? ProfileRoutes.StatusOf(state) : "active", UserWords.Memberships.For(r.Status),
                r.Managed ? "managed" : "unmanaged", r.Name, more?.PublicName, r.Email, more?.EmailVerified, more?.TwoStep,
                r.AddedAt.UtcDateTime, r.LastActiveAt?.UtcDateTime, $"{call.Organization}", r.Places,
                UserDetailsShape.RolesOf(call.Asked, more), UserDetailsShape.CountsOf(call.Asked, more),
                UserDetailsShape.ProductsOf(call.Asked, more), UserDetailsShape.GroupsOf(call.Asked, more));
        }), call.CursorLinks(page.Value));
    }

    static async Task<ApiResult> Count(ApiCall call) => ApiResult.Plain(new
    {
        count = call.Asked.Filters.Any()
            ? await call.Send(new CountMatchingUsers(new(call.Organization), FilterOf(call)))
            : (await call.Send(new CountUsers(new(call.Organization)))).Total,
    });

    /// <summary>Each number is what a count gives that asks for the word besides.</summary>
    static async Task<ApiResult> Stats(ApiCall call)
    {
        var stats = await call.Send(new ReadUserStatistics(new(call.Organization), FilterOf(call)));
        return ApiResult.Plain(new
        {
            accountStatus = UserWords.Accounts.Words.Select(status => new
            {
                status,
                count = UserWords.Accounts.Of(status).Sum(s => stats.Accounts.GetValueOrDefault(s)),
            }),
            membershipStatus = UserWords.Memberships.Words.Select(status => new
            {
                status,
                count = UserWords.Memberships.Of(status) is { } on ? stats.Memberships.GetValueOrDefault(on) : stats.NoMembership,
            }),
            roles = OrganizationShape.Roles.Where(roleId => UserWords.RoleOf(roleId) is not null)
                .Select(roleId => new { roleId, count = stats.Roles[UserWords.RoleOf(roleId)!.Value] }),
        });
    }

    static async Task<ApiResult> Whole(ApiCall call, Guid account)
    {
        var read = await Read(call, account);
        if (!read.Granted) return read.Refusal;
        var user = read.Value;
        var more = (await UserDetailsShape.Read(call, [user.Id], UserParts.Roles | UserParts.Apps)).GetValueOrDefault(user.Id);
        var membership = UserWords.MembershipOf(user.Sites.Select(s => s.Status));
        return ApiResult.Of(new Detailed(
            user.Id.Value, "atlassian", UserWords.Standings.For(UserWords.StandingOf(user.State, membership)),
            ProfileRoutes.StatusOf(user.State), UserWords.Memberships.For(membership), user.Managed ? "managed" : "unmanaged", user.Name,
            more?.PublicName, user.Email, more?.EmailVerified, more?.TwoStep, UserDetailsShape.RolesOf(more),
            UserDetailsShape.CountsOf(more), user.Sites.Count == 0 ? null : user.Sites.Min(s => s.AddedAt).UtcDateTime,
            user.JobTitle, user.Department, user.Location, user.TimeZone, user.TimeZone, $"{call.Organization}",
            [.. user.Sites.Select(s => new OnSite(s.Id.Value, s.Name, UserWords.Memberships.For(s.Status), s.AddedAt.UtcDateTime,
                s.LastActiveAt?.UtcDateTime))], [.. user.Groups.Select(g => new InGroup(g.Id.Value, g.Name))]));
    }

    static ApiResult Roles(ApiCall call, UserProfile user) => call.PageOf(
        user.Sites.SelectMany(s => s.Apps.Where(a => a.Effective is { } role && Orgs.IsOwn(call)
                && OrganizationShape.IsMeant(call.Asked, a.Id, s.Id, role))
            .Select(a => new Assignment(OrganizationShape.ResourceOf(a.Id, s.Id), a.Id, [OrganizationShape.NameOf(a.Effective!.Value)],
                a.Direct is { } direct ? [OrganizationShape.NameOf(direct)] : [], a.ByGroups))), a => a.ResourceId)
        .Shown(page => ApiResult.Of(page.Rows, call.CursorLinks(page)));

    /// <summary>Days as that API has them, and beside them the times; without apps that were never used.</summary>
    static ApiResult LastActiveDates(ApiCall call, UserProfile user)
    {
        if (user.Sites.Count == 0) return new NotFound("user");
        var added = user.Sites.Min(s => s.AddedAt);
        return call.PageOf<Dates>([new(
            [.. user.Sites.SelectMany(s => s.Apps.Where(a => a is { Effective: not null, LastActiveAt: not null })
                .Select(a => (App: a, Site: s, At: a.LastActiveAt!.Value)))
                .Select(p => new Product(
                    OrganizationShape.ResourceOf(p.App.Id, p.Site.Id), p.App.Id, p.App.Name, Day(p.At), p.At.UtcDateTime))],
            Day(added), added.UtcDateTime)], _ => "")
            .Shown(page => ApiResult.Of(page.Rows[0], call.CursorLinks(page), names: ApiAnswer.Snake));

        static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    static async Task<ApiResult> ChangeOne(ApiCall call, AccountId account, MembershipChange change)
    {
        var changed = await call.Execute(new ChangeMembership(call.Organization, null, [account], change, call.Origin));
        // Asking for a state that is there already is granted, so that a repeated request does no harm.
        return changed[0].Refusal is AlreadySuspended or NotSuspended ? ApiResult.Nothing : changed[0].Done();
    }

    static Task<Outcome<UserProfile>> Read(ApiCall call, Guid account) =>
        call.Send(new ReadUser(new(call.Organization), new(account)) { ManagedToo = true });

    /// <param name="AccountId">Left out for an invitation that waits, which has the other id.</param>
    /// <param name="MfaEnabled">Of managed accounts.</param>
    /// <param name="Resources">Names of the sites.</param>
    /// <param name="PlatformRoles">Where it was asked for, as all that follows.</param>
    sealed record Shaped(
        Guid? AccountId, Guid? InvitationId, string AccountType, string Status, string AccountStatus, string MembershipStatus,
        string ClaimStatus, string Name, string? Nickname, string Email, bool? EmailVerified, bool? MfaEnabled, DateTime AddedToOrg,
        DateTime? LastActive, string DirectoryId, IReadOnlyList<string> Resources, IReadOnlyList<string>? PlatformRoles,
        UserDetailsShape.Numbers? Counts, IReadOnlyList<UserDetailsShape.Product>? ProductAccess,
        IReadOnlyList<UserDetailsShape.InGroup>? Groups);

    /// <param name="AddedToOrg">Left out for who is on no site.</param>
    /// <param name="Zoneinfo">The time zone, by the name that it has in profiles.</param>
    sealed record Detailed(
        Guid AccountId, string AccountType, string Status, string AccountStatus, string MembershipStatus, string ClaimStatus, string Name,
        string? Nickname, string Email, bool? EmailVerified, bool? MfaEnabled, IReadOnlyList<string> PlatformRoles,
        UserDetailsShape.Numbers Counts, DateTime? AddedToOrg, string? JobTitle, string? Department, string? Location, string? TimeZone,
        string? Zoneinfo, string DirectoryId, IReadOnlyList<OnSite> Sites, IReadOnlyList<InGroup> Groups);

    sealed record OnSite(Guid Id, string Name, string MembershipStatus, DateTime AddedAt, DateTime? LastActive);

    sealed record InGroup(Guid Id, string Name);

    /// <param name="Roles">What holds in the end.</param>
    /// <param name="Direct">What was given to the person.</param>
    /// <param name="ByGroups">Names of the groups that give some.</param>
    sealed record Assignment(string ResourceId, string ResourceOwner, IReadOnlyList<string> Roles, IReadOnlyList<string> Direct,
        IReadOnlyList<string> ByGroups);

    sealed record Dates(IReadOnlyList<Product> ProductAccess, string AddedToOrg, DateTime AddedToOrgTimestamp);

    sealed record Product(string Id, string Key, string Name, string LastActive, DateTime LastActiveTimestamp);
}
