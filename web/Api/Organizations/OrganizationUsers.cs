using DirectoryPlatform.Web.Api.Management;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Users of the organization's sites (SPEC U2), as version 2 of that API shows them;
/// the same queries as the Users pages.</summary>
static class OrganizationUsers
{
    public const string All = $"{Orgs.V2}/directories/{{directoryId}}/users";

    /// <summary>Addresses or ids in one search (own choice; that API takes ten).</summary>
    const int MostNamed = 1_000;

    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        app.MapGet(All, List).Requires(Permission.ManageUsers, ApiScope.UsersRead);
        app.MapPost($"{All}/search", Search).Requires(Permission.ManageUsers, ApiScope.UsersRead);
        app.MapGet($"{All}/count", Count).Requires(Permission.ManageUsers, ApiScope.UsersRead);
        app.MapGet($"{All}/stats", Stats).Requires(Permission.ManageUsers, ApiScope.UsersRead);
        app.MapGet($"{All}/{{accountId:guid}}", One).Requires(Permission.ManageUsers, ApiScope.UsersRead);
        app.MapGet($"{All}/{{accountId:guid}}/role-assignments", Roles).Requires(Permission.ManageUsers, ApiScope.UsersRead);
        app.MapGet($"{Orgs.V1}/directory/users/{{accountId:guid}}/last-active-dates", LastActiveDates)
            .Requires(Permission.ManageUsers, ApiScope.UsersRead);
        Change("POST", "/suspend", MembershipChange.Suspend);
        Change("POST", "/restore", MembershipChange.Restore);
        Change("DELETE", "", MembershipChange.Remove);

        void Change(string method, string rest, MembershipChange change) => app.MapMethods($"{All}/{{accountId:guid}}{rest}", [method],
            (HttpContext http, IMediator mediator, string directoryId, Guid accountId) =>
                ChangeOne(http, mediator, directoryId, accountId, change)).Requires(Permission.ManageUsers, ApiScope.UsersManage);
    }

    static async Task List(HttpContext http, IMediator mediator, string directoryId)
    {
        var size = OrganizationShape.Size(http);
        if (!size.Granted) await OrganizationShape.Refuse(http, size.Refusal);
        else await Page(http, mediator, directoryId, new UserFilter(
            OrganizationShape.Text(http, "searchTerm"), StatusOf(OrganizationShape.Text(http, "status")),
            TypeOf(OrganizationShape.Text(http, "claimStatus")),
            Group: Guid.TryParse(OrganizationShape.Text(http, "groupIds"), out var group) ? new GroupId(group) : null)
        { Only = http.Request.Query.ContainsKey("accountIds") ? Ids(http.Request.Query["accountIds"]) : null },
            OrganizationShape.Text(http, "cursor"), size.Value);
    }

    static async Task Search(HttpContext http, IMediator mediator, string directoryId)
    {
        var body = await ApiBody.ReadLenient<SearchBody>(http, mayBeMissing: true);
        if (!body.Granted)
        {
            await OrganizationShape.Refuse(http, body.Refusal);
            return;
        }
        var asked = body.Value;
        if (asked.Limit is < 1 || asked.Emails?.Count > MostNamed || asked.AccountIds?.Count > MostNamed)
        {
            await OrganizationShape.Refuse(http, new InvalidValue("limit", $"Ask for at least one, and name at most {MostNamed:N0}."));
            return;
        }
        // Whether an address that is nobody's here has an account is not told: the list alone decides.
        var named = asked.Emails is null
            ? null
            : (await mediator.Send(
                new FindAccounts([.. asked.Emails.Select(EmailAddress.Parse).Where(e => e.Granted).Select(e => e.Value)]),
                http.RequestAborted)).Select(a => a.Id).ToList();
        var ids = asked.AccountIds is null ? null : Ids(asked.AccountIds);
        await Page(http, mediator, directoryId,
            new UserFilter(asked.SearchTerm, StatusOf(asked.Status), TypeOf(asked.ClaimStatus))
            {
                Only = named is not null
                && ids is not null ? [.. named.Intersect(ids)] : named ?? ids
            },
            asked.Cursor, Math.Min(asked.Limit ?? 100, 1_000));
    }

    static async Task Page(HttpContext http, IMediator mediator, string directoryId, UserFilter filter, string? cursor, int size)
    {
        if (!Orgs.IsDirectory(http, directoryId))
        {
            await OrganizationShape.Refuse(http, new NotFound("directory"));
            return;
        }
        var page = await mediator.Send(new ListUsers(new(http.Organization()), filter, Cursor: cursor, Size: size), http.RequestAborted);
        if (!page.Granted) await OrganizationShape.Refuse(http, page.Refusal);
        else await OrganizationShape.Write(http, page.Value.Rows.Select(r => new Shaped(
            r.Account?.Value, r.Account is null ? r.Id : null, "atlassian", r.State is { } state ? ProfileRoutes.StatusOf(state) : "active",
            r.Status is { } status ? StatusName(status) : "none", r.Managed ? "managed" : "unmanaged",
            r.Name, r.Email, r.AddedAt.UtcDateTime, r.LastActiveAt?.UtcDateTime, $"{http.Organization()}", r.Places)),
                new { self = cursor, prev = page.Value.Previous, next = page.Value.Next });
    }

    static async Task Count(HttpContext http, IMediator mediator, string directoryId)
    {
        if (!Orgs.IsDirectory(http, directoryId)) await OrganizationShape.Refuse(http, new NotFound("directory"));
        else await ApiAnswer.Write(http, StatusCodes.Status200OK,
            new { count = (await mediator.Send(new CountUsers(new(http.Organization())), http.RequestAborted)).Total });
    }

    static async Task Stats(HttpContext http, IMediator mediator, string directoryId)
    {
        if (!Orgs.IsDirectory(http, directoryId))
        {
            await OrganizationShape.Refuse(http, new NotFound("directory"));
            return;
        }
        var counts = await mediator.Send(new CountUsers(new(http.Organization())), http.RequestAborted);
        var admins = await mediator.Send(new ReadOrganizationAdmins(http.Organization()), http.RequestAborted);
        await ApiAnswer.Write(http, StatusCodes.Status200OK, new
        {
            roles = (object[])[new { roleId = "atlassian/org-admin", count = admins.Count }],
            membershipStatus = (object[])[new { status = "active", count = counts.Active },
                new { status = "invited", count = counts.Invited }, new { status = "suspended", count = counts.Suspended }],
        });
    }

    static async Task One(HttpContext http, IMediator mediator, string directoryId, Guid accountId)
    {
        var user = await Read(http, mediator, directoryId, accountId);
        if (user is { Granted: true, Value: var u }) await OrganizationShape.Write(http, new Detailed(
            u.Id.Value, "atlassian", ProfileRoutes.StatusOf(u.State), u.Managed ? "managed" : "unmanaged", u.Name, u.Email, u.JobTitle,
            u.Department, u.Location, u.TimeZone, $"{http.Organization()}",
            [.. u.Sites.Select(s => new OnSite(s.Id.Value, s.Name, StatusName(s.Status), s.AddedAt.UtcDateTime,
                s.LastActiveAt?.UtcDateTime))], [.. u.Groups.Select(g => new InGroup(g.Id.Value, g.Name))]));
        else await OrganizationShape.Refuse(http, user.Refusal!);
    }

    static async Task Roles(HttpContext http, IMediator mediator, string directoryId, Guid accountId)
    {
        var user = await Read(http, mediator, directoryId, accountId);
        if (user.Granted)
            await OrganizationShape.Write(http,
                user.Value.Sites.SelectMany(s => s.Apps.Where(a => a.Effective is not null).Select(a => new Assignment(
            OrganizationShape.ResourceOf(a.Id, s.Id), a.Id, [OrganizationShape.NameOf(a.Effective!.Value)], a.Direct is null
                ? []
                : [OrganizationShape.NameOf(a.Direct.Value)], a.ByGroups))), new { next = (string?)null });
        else await OrganizationShape.Refuse(http, user.Refusal);
    }

    static async Task LastActiveDates(HttpContext http, IMediator mediator, Guid accountId)
    {
        var user = await Read(http, mediator, "-", accountId);
        if (user.Granted) await ApiAnswer.Write(http, StatusCodes.Status200OK, new Envelope(new Dates(
            [.. user.Value.Sites.Where(s => s.LastActiveAt is not null)
                .SelectMany(s => s.Apps.Where(a => a.Effective is not null)
                    .Select(a => new Product(OrganizationShape.ResourceOf(a.Id, s.Id), a.Id, s.LastActiveAt!.Value.UtcDateTime)))],
            user.Value.Sites.Min(s => s.AddedAt).UtcDateTime)), ApiJson.Snake);
        else await OrganizationShape.Refuse(http, user.Refusal);
    }

    static async Task ChangeOne(HttpContext http, IMediator mediator, string directoryId, Guid accountId, MembershipChange change)
    {
        var refusal = Orgs.IsDirectory(http, directoryId)
            ? (await mediator.Send(new ChangeMembership(http.Organization(), null, [new(accountId)], change, http.Origin()),
                CancellationToken.None))[0].Refusal
            : new NotFound("directory");
        // Asking for a state that is there already is granted, so that a repeated request does no harm.
        await (refusal is null or AlreadySuspended or NotSuspended ? ApiAnswer.Nothing(http) : OrganizationShape.Refuse(http, refusal));
    }

    static async Task<Outcome<UserProfile>> Read(HttpContext http, IMediator mediator, string directoryId, Guid accountId) =>
        Orgs.IsDirectory(http, directoryId)
            ? await mediator.Send(new ReadUser(new(http.Organization()), new(accountId)), http.RequestAborted)
            : new NotFound("directory");

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
