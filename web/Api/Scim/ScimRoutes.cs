namespace DirectoryPlatform.Web.Api.Scim;

using Request = IRequest<Outcome<ScimReply>>;

/// <summary>The routes of one kind of resource in a directory (RFC 7644, 3.3 to 3.6):
/// people and groups differ in the requests alone.</summary>
/// <param name="Endpoint">Under the directory's base URL.</param>
/// <param name="Key">Of the resource's id in the route.</param>
/// <param name="Word">What an unknown one is called.</param>
sealed record ScimRoutes(
    string Endpoint, string Key, string Word,
    Func<ProvisioningGrant, ScimQuery, Request> List,
    Func<ProvisioningGrant, Guid, ScimWanted, Request> Read,
    Func<ProvisioningGrant, JsonElement, ScimWanted, Origin, Request> Create,
    Func<ProvisioningGrant, Guid, JsonElement, string?, ScimWanted, Origin, Request> Replace,
    Func<ProvisioningGrant, Guid, JsonElement, string?, ScimWanted, Origin, Request> Patch,
    Func<ProvisioningGrant, Guid, string?, Origin, Request> Delete)
{
    public const string UserKey = "userId";

    public static readonly ScimRoutes Users = new(
        "Users", UserKey, "user",
        (by, query) => new ListScimUsers(by, query), (by, id, wanted) => new ReadScimUser(by, id, wanted), (by, body, wanted, origin) =>
            new CreateScimUser(by, body, wanted, origin),
        (by, id, body, version, wanted, origin) => new ReplaceScimUser(by, id, body, version, wanted, origin),
        (by, id, body, version, wanted, origin) => new PatchScimUser(by, id, body, version, wanted, origin),
        (by, id, version, origin) => new DeleteScimUser(by, id, version, origin));

    public static readonly ScimRoutes Groups = new(
        "Groups", "groupId", "group",
        (by, query) => new ListScimGroups(by, query), (by, id, wanted) => new ReadScimGroup(by, id, wanted), (by, body, wanted, origin) =>
            new CreateScimGroup(by, body, wanted, origin),
        (by, id, body, version, wanted, origin) => new ReplaceScimGroup(by, id, body, version, wanted, origin),
        (by, id, body, version, wanted, origin) => new PatchScimGroup(by, id, body, version, wanted, origin),
        (by, id, version, origin) => new DeleteScimGroup(by, id, version, origin));

    public void Map(IEndpointRouteBuilder app)
    {
        var (all, one) = ($"{Scim.Root}/{Endpoint}", $"{Scim.Root}/{Endpoint}/{{{Key}}}");
        app.MapGet(all, Looking(http => Task.FromResult(ScimAsked.Query(http.Request))))
            .Requires(Permission.Provision, bearer: true);
        app.MapPost($"{all}/.search", Looking(ScimAsked.Search)).Requires(Permission.Provision, bearer: true)
            .WithMetadata(new OnlyLooks());
        app.MapPost(all, (HttpContext http, IMediator mediator) => ScimAnswer.With(
            http, body =>
                mediator.Send(Create(http.Provider(), body, ScimAsked.Wanted(http.Request), http.ProviderOrigin()), CancellationToken.None),
                StatusCodes.Status201Created)).Requires(Permission.Provision, bearer: true);
        app.MapGet(one, async (HttpContext http, IMediator mediator) =>
        {
            var outcome = Id(http) is { } id
                ? await mediator.Send(Read(http.Provider(), id, ScimAsked.Wanted(http.Request)), http.RequestAborted)
                : Unknown;
            await ScimAnswer.Of(http, outcome, ScimAsked.Knows(http.Request, outcome)
                ? StatusCodes.Status304NotModified
                : StatusCodes.Status200OK);
        }).Requires(Permission.Provision, bearer: true);
        app.MapPut(one, Changing(Replace)).Requires(Permission.Provision, bearer: true);
        app.MapPatch(one, Changing(Patch)).Requires(Permission.Provision, bearer: true);
        app.MapDelete(one, async (HttpContext http, IMediator mediator) => await ScimAnswer.Of(
            http, Id(http) is { } id
                ? await mediator.Send(Delete(http.Provider(), id, ScimAsked.IfMatch(http.Request), http.ProviderOrigin()),
                    CancellationToken.None)
                : Unknown)).Requires(Permission.Provision, bearer: true);
    }

    Delegate Looking(Func<HttpContext, Task<Outcome<ScimQuery>>> asked) => Looking(asked, List);

    /// <param name="asked">Reads the question.</param>
    /// <param name="list">What it is put to.</param>
    public static Delegate Looking(Func<HttpContext, Task<Outcome<ScimQuery>>> asked, Func<ProvisioningGrant, ScimQuery, Request> list) =>
        async (HttpContext http, IMediator mediator) =>
    {
        var query = await asked(http);
        await ScimAnswer.Of(http,
            query.Granted ? await mediator.Send(list(http.Provider(), query.Value), http.RequestAborted) : query.Refusal);
    };

    Delegate Changing(Func<ProvisioningGrant, Guid, JsonElement, string?, ScimWanted, Origin, Request> change) =>
        (HttpContext http, IMediator mediator) => ScimAnswer.With(http, body => Id(http) is { } id
        ? mediator.Send(change(http.Provider(), id, body, ScimAsked.IfMatch(http.Request), ScimAsked.Wanted(http.Request),
            http.ProviderOrigin()), CancellationToken.None) : Task.FromResult(Unknown));

    Outcome<ScimReply> Unknown => ScimFault.NotFound(Word);

    Guid? Id(HttpContext http) => Guid.TryParse(http.Request.RouteValues[Key] as string, out var id) ? id : null;
}
