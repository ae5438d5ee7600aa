using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Groups, who is in them, and what they open (SPEC U6), as version 2 of that API shows them.
/// Members are listed as users with <c>groupIds</c>.</summary>
static class OrganizationGroups
{
    const string All = $"{Orgs.Directory}/groups", One = $"{All}/{{groupId:guid}}";

    public static void MapGroups(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ManageGroups, ApiScope.UsersRead);
        read.MapGet(All, List);
        read.MapPost($"{All}/search", Search).WithMetadata(new OnlyLooks());
        read.MapGet($"{All}/count", async (ApiCall call) => ApiResult.Plain(new { count = (await Count(call)).All }));
        read.MapGet($"{All}/stats", async (ApiCall call) =>
        {
            var counts = await Count(call);
            return ApiResult.Plain(new
            {
                totals = new { all = counts.All, managed = counts.All - counts.Provided, synced = counts.Provided },
                types = (object[])[new { type = "USERBASE_GROUP", count = counts.All }],
            });
        });
        read.MapGet(One, (ApiCall call, Guid groupId) => Answer(call, new(groupId)));
        read.MapGet($"{One}/role-assignments", Roles);
        var manage = app.Requiring(Permission.ManageGroups, ApiScope.UsersManage);
        manage.MapPost(All, Create);
        manage.MapDelete(One, (ApiCall call, Guid groupId) => Do(call, new DeleteGroup(call.Organization, new(groupId), call.Origin)));
        manage.MapPost($"{One}/memberships", Add);
        manage.MapDelete($"{One}/memberships/{{accountId:guid}}", (ApiCall call, Guid groupId, Guid accountId) =>
            Do(call, new RemoveFromGroup(call.Organization, new(groupId), new(accountId), call.Origin)));
        foreach (var (verb, gives) in ((string, bool)[])[("assign", true), ("revoke", false)])
            manage.MapPost($"{One}/role-assignments/{verb}", (ApiCall call, Guid groupId) => Open(call, new(groupId), gives));
    }

    static Task<ApiResult> List(ApiCall call) => Page(call);

    static async Task<ApiResult> Search(ApiCall call) => await call.Search() is { } refusal ? refusal
        : call.Asked.All(Parameter.Sort)?.Count > 1 ? new InvalidValue(Parameter.Sort, "Sort by one field.")
        : await Page(call, call.Asked.Text(Parameter.Sort)?.EndsWith(" desc", StringComparison.Ordinal) == true);

    static Task<GroupCounts> Count(ApiCall call) =>
        call.Send(new CountGroups(call.Organization, call.Asked.Text("searchTerm"), FilterOf(call)));

    static async Task<ApiResult> Roles(ApiCall call, Guid groupId) =>
        (await call.Send(new ReadGroup(call.Organization, new(groupId)))).Shown(group => call.PageOf(
            group.Access.Where(a => Orgs.IsOwn(call) && OrganizationShape.IsMeant(call.Asked, a.App, a.Site, a.Role))
                .Select(a => new Assignment(OrganizationShape.ResourceOf(a.App, a.Site), a.App, [OrganizationShape.NameOf(a.Role)])),
            a => a.ResourceId).Shown(page => ApiResult.Of(page.Rows, call.CursorLinks(page))));

    static async Task<ApiResult> Page(ApiCall call, bool descending = false)
    {
        var page = await call.Send(new ListGroups(call.Organization, call.Asked.Text("searchTerm"), call.Cursor, call.Size)
        {
            By = FilterOf(call),
            Descending = descending,
        });
        return page.Shown(p => ApiResult.Of(
            p.Rows.Select(g => new Shaped(g.Id.Value, g.Name, g.Description, $"{call.Organization}", new(g.Members, g.Apps), null)),
            call.CursorLinks(p)));
    }

    static GroupFilter FilterOf(ApiCall call)
    {
        var asked = call.Asked;
        return new(
            Orgs.IsOwn(call) ? asked.All("groupIds", id => new GroupId(Guid.Parse(id))) : [],
            asked.All("groupNames"), asked.All("accountIds", id => new AccountId(Guid.Parse(id))),
            // Groups give roles in apps alone.
            asked.All("roleIds", OrganizationShape.RoleOf)?.OfType<AppRole>().ToList(), asked.All("resourceOwners"),
            asked.All("resourceIds", r => OrganizationShape.ReadResource(r)!.Value));
    }

    static async Task<ApiResult> Create(ApiCall call)
    {
        var body = await call.Body<Body>();
        var created = await body.Then(b => call.Execute(new CreateGroup(call.Organization, b.Name, b.Description, call.Origin)));
        return created.Granted ? await Answer(call, created.Value, StatusCodes.Status201Created) : created.Refusal;
    }

    static async Task<ApiResult> Add(ApiCall call, Guid groupId)
    {
        var body = await call.Body<MemberBody>();
        return body is { Granted: true, Value.AccountId: { } account }
            ? await Do(call, new AddToGroup(call.Organization, new(groupId), new(account), call.Origin))
            : body.Refusal ?? new InvalidValue("accountId", "Name the account.");
    }

    static async Task<ApiResult> Open(ApiCall call, GroupId group, bool gives)
    {
        var body = await call.Body<RoleBody>();
        var read = await body.Then(b => RolesApi.Read(call, b));
        if (!read.Granted) return read.Refusal;
        var (role, app, site) = read.Value;
        return await Do(call, new GiveGroupAccess(call.Organization, group, site, app, gives ? role : null, call.Origin)
        {
            Taken = gives ? null : role,
        });
    }

    static async Task<ApiResult> Do(ApiCall call, IRequest<Outcome<Done>> command) => (await call.Execute(command)).Refusal switch
    {
        // Whoever is in the group already stays without a word.
        null or InGroupAlready => ApiResult.Nothing,
        // Who has an account and is no user here is answered as who has none.
        NotAUserHere or NotInGroup => new NotFound("user"),
        var refusal => refusal,
    };

    static async Task<ApiResult> Answer(ApiCall call, GroupId id, int status = StatusCodes.Status200OK) =>
        (await call.Execute(new ReadGroup(call.Organization, id))).Shown(g => ApiResult.Of(
            new Shaped(g.Id.Value, g.Name, g.Description, $"{call.Organization}", null,
                [.. g.Access.Select(a => new RoleAssigned(OrganizationShape.ResourceOf(a.App, a.Site), OrganizationShape.NameOf(a.Role)))]),
            status: status));

    sealed record Body(string? Name, string? Description);

    sealed record MemberBody(Guid? AccountId);

    /// <param name="Counts">In lists; left out for one group.</param>
    /// <param name="RoleAssignments">For one group; left out in lists.</param>
    sealed record Shaped(Guid Id, string Name, string? Description, string DirectoryId, Numbers? Counts,
        IReadOnlyList<RoleAssigned>? RoleAssignments);

    /// <param name="Users">Counted up to 1,001.</param>
    sealed record Numbers(long Users, long Resources);

    sealed record RoleAssigned(string Resource, string Role);

    sealed record Assignment(string ResourceId, string ResourceOwner, IReadOnlyList<string> Roles);
}
