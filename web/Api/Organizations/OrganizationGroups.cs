namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Groups, who is in them, and what they open (SPEC U6), as version 2 of that API shows them.
/// Members are listed as users with <c>groupIds</c>.</summary>
static class OrganizationGroups
{
    const string All = $"{Orgs.V2}/directories/{{directoryId}}/groups", One = $"{All}/{{groupId:guid}}";

    public static void MapGroups(this IEndpointRouteBuilder app)
    {
        app.MapGet(All, List).Requires(Permission.ManageGroups, ApiScope.UsersRead);
        app.MapPost(All, Create).Requires(Permission.ManageGroups, ApiScope.UsersManage);
        app.MapGet(One, Read).Requires(Permission.ManageGroups, ApiScope.UsersRead);
        app.MapDelete(One, (HttpContext http, IMediator mediator, string directoryId, Guid groupId) =>
            Do(http, mediator, directoryId, new DeleteGroup(http.Organization(), new(groupId), http.Origin())))
            .Requires(Permission.ManageGroups, ApiScope.UsersManage);
        app.MapPost($"{One}/memberships", Add).Requires(Permission.ManageGroups, ApiScope.UsersManage);
        app.MapDelete($"{One}/memberships/{{accountId:guid}}",
            (HttpContext http, IMediator mediator, string directoryId, Guid groupId, Guid accountId) =>
            Do(http, mediator, directoryId, new RemoveFromGroup(http.Organization(), new(groupId), new(accountId), http.Origin())))
                .Requires(Permission.ManageGroups, ApiScope.UsersManage);
        foreach (var (verb, gives) in ((string, bool)[])[("assign", true), ("revoke", false)])
            app.MapPost($"{One}/role-assignments/{verb}", (HttpContext http, IMediator mediator, string directoryId, Guid groupId) =>
                Open(http, mediator, directoryId, groupId, gives)).Requires(Permission.ManageGroups, ApiScope.UsersManage);
    }

    static async Task List(HttpContext http, IMediator mediator, string directoryId)
    {
        var size = OrganizationShape.Size(http);
        if (!size.Granted || !Orgs.IsDirectory(http, directoryId))
        {
            await OrganizationShape.Refuse(http, size.Refusal ?? new NotFound("directory"));
            return;
        }
        var cursor = OrganizationShape.Text(http, "cursor");
        var page = await mediator.Send(
            new ListGroups(http.Organization(), OrganizationShape.Text(http, "searchTerm"), cursor, size.Value), http.RequestAborted);
        if (page.Granted) await OrganizationShape.Write(http,
            page.Value.Rows.Select(g =>
                new Shaped(g.Id.Value, g.Name, g.Description, $"{http.Organization()}", new(g.Members, g.Apps), null)),
            new { self = cursor, prev = page.Value.Previous, next = page.Value.Next });
        else await OrganizationShape.Refuse(http, page.Refusal);
    }

    static async Task Create(HttpContext http, IMediator mediator, string directoryId)
    {
        var body = await ApiBody.ReadLenient<Body>(http);
        var created = !Orgs.IsDirectory(http, directoryId) ? new NotFound("directory")
            : body.Granted
                ? await mediator.Send(
                    new CreateGroup(http.Organization(), body.Value.Name, body.Value.Description, http.Origin()), CancellationToken.None)
                : body.Refusal;
        if (created.Granted) await Answer(http, mediator, created.Value.Value, StatusCodes.Status201Created);
        else await OrganizationShape.Refuse(http, created.Refusal);
    }

    static Task Read(HttpContext http, IMediator mediator, string directoryId, Guid groupId) =>
        Orgs.IsDirectory(http, directoryId)
            ? Answer(http, mediator, groupId, StatusCodes.Status200OK)
            : OrganizationShape.Refuse(http, new NotFound("directory"));

    static async Task Add(HttpContext http, IMediator mediator, string directoryId, Guid groupId)
    {
        var body = await ApiBody.ReadLenient<MemberBody>(http);
        if (body is { Granted: true, Value.AccountId: { } account })
            await Do(http, mediator, directoryId, new AddToGroup(http.Organization(), new(groupId), new(account), http.Origin()));
        else await OrganizationShape.Refuse(http, body.Refusal ?? new InvalidValue("accountId", "Name the account."));
    }

    static async Task Open(HttpContext http, IMediator mediator, string directoryId, Guid groupId, bool gives)
    {
        var body = await ApiBody.ReadLenient<RoleBody>(http);
        var read = body.Granted ? await RolesApi.Read(http, mediator, body.Value) : body.Refusal;
        if (read.Granted)
            await Do(http, mediator, directoryId, new GiveGroupAccess(http.Organization(), new(groupId), read.Value.Site, read.Value.App,
                gives ? read.Value.Role : null, http.Origin()));
        else await OrganizationShape.Refuse(http, read.Refusal);
    }

    /// <summary>Whoever is in the group already stays without a word.</summary>
    static async Task Do(HttpContext http, IMediator mediator, string directoryId, IRequest<Outcome<Done>> command)
    {
        var refusal = Orgs.IsDirectory(http, directoryId)
            ? (await mediator.Send(command, CancellationToken.None)).Refusal
            : new NotFound("directory");
        await (refusal switch
        {
            null or InGroupAlready => ApiAnswer.Nothing(http),
            // Who has an account and is no user here is answered as who has none.
            NotAUserHere or NotInGroup => OrganizationShape.Refuse(http, new NotFound("user")),
            _ => OrganizationShape.Refuse(http, refusal),
        });
    }

    static async Task Answer(HttpContext http, IMediator mediator, Guid id, int status)
    {
        var group = await mediator.Send(new ReadGroup(http.Organization(), new(id)), CancellationToken.None);
        if (group is { Granted: true, Value: var g }) await OrganizationShape.Write(
            http, new Shaped(g.Id.Value, g.Name, g.Description, $"{http.Organization()}", null,
                [.. g.Access.Select(a => new Access(OrganizationShape.ResourceOf(a.App, a.Site), OrganizationShape.NameOf(a.Role)))]),
                status: status);
        else await OrganizationShape.Refuse(http, group.Refusal!);
    }

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
