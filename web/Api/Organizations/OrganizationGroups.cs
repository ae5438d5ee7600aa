namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Groups, who is in them, and what they open (SPEC U6), as version 2 of that API shows them.
/// Members are listed as users with <c>groupIds</c>.</summary>
static class OrganizationGroups
{
    const string All = $"{Orgs.Directory}/groups", One = $"{All}/{{groupId:guid}}";

    public static void MapGroups(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ManageGroups, ApiScope.UsersRead).OfDirectory();
        read.MapGet(All, List);
        read.MapGet(One, (ApiCall call, Guid groupId) => Answer(call, new(groupId)));
        var manage = app.Requiring(Permission.ManageGroups, ApiScope.UsersManage).OfDirectory();
        manage.MapPost(All, Create);
        manage.MapDelete(One, (ApiCall call, Guid groupId) => Do(call, new DeleteGroup(call.Organization, new(groupId), call.Origin)));
        manage.MapPost($"{One}/memberships", Add);
        manage.MapDelete($"{One}/memberships/{{accountId:guid}}", (ApiCall call, Guid groupId, Guid accountId) =>
            Do(call, new RemoveFromGroup(call.Organization, new(groupId), new(accountId), call.Origin)));
        foreach (var (verb, gives) in ((string, bool)[])[("assign", true), ("revoke", false)])
            manage.MapPost($"{One}/role-assignments/{verb}", (ApiCall call, Guid groupId) => Open(call, new(groupId), gives));
    }

    static async Task<ApiResult> List(ApiCall call)
    {
        var page = await call.Size.Then(size => call.Send(
            new ListGroups(call.Organization, call.Text("searchTerm"), call.Cursor, size)));
        return page.Shown(p => ApiResult.Of(
            p.Rows.Select(g => new Shaped(g.Id.Value, g.Name, g.Description, $"{call.Organization}", new(g.Members, g.Apps), null)),
            new { self = call.Cursor, prev = p.Previous, next = p.Next }));
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
        return await Do(call, new GiveGroupAccess(call.Organization, group, site, app, gives ? role : null, call.Origin));
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
                [.. g.Access.Select(a => new Access(OrganizationShape.ResourceOf(a.App, a.Site), OrganizationShape.NameOf(a.Role)))]),
            status: status));

    sealed record Body(string? Name, string? Description);

    sealed record MemberBody(Guid? AccountId);

    /// <param name="Counts">In lists; left out for one group.</param>
    /// <param name="RoleAssignments">For one group; left out in lists.</param>
    sealed record Shaped(Guid Id, string Name, string? Description, string DirectoryId, Numbers? Counts,
        IReadOnlyList<Access>? RoleAssignments);

    /// <param name="Users">Counted up to 1,001.</param>
    sealed record Numbers(long Users, long Resources);

    sealed record Access(string Resource, string Role);
}
