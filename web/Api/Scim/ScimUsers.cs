using DirectoryPlatform.Directory.Provisioning;
using DirectoryPlatform.Directory.Provisioning.Protocol;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;

namespace DirectoryPlatform.Web.Api.Scim;

/// <summary>People of one directory (RFC 7644, 3.3 to 3.6).</summary>
static class ScimUsers
{
    public const string UserKey = "userId";

    const string All = $"{Scim.Root}/Users", One = $"{All}/{{{UserKey}}}";

    public static void MapScimUsers(this IEndpointRouteBuilder app)
    {
        app.MapGet(All, List).Requires(Permission.Provision, bearer: true);
        app.MapPost($"{All}/.search", Search).Requires(Permission.Provision, bearer: true);
        app.MapPost(All, Create).Requires(Permission.Provision, bearer: true);
        app.MapGet(One, Read).Requires(Permission.Provision, bearer: true);
        app.MapPut(One, Replace).Requires(Permission.Provision, bearer: true);
        app.MapPatch(One, Patch).Requires(Permission.Provision, bearer: true);
        app.MapDelete(One, Delete).Requires(Permission.Provision, bearer: true);
    }

    static async Task List(HttpContext http, IMediator mediator) => await ScimAnswer.Of(http, await mediator.Send(new ListScimUsers(http.Provider(), ScimAsked.Query(http.Request)), http.RequestAborted));

    static async Task Search(HttpContext http, IMediator mediator)
    {
        var query = await ScimAsked.Search(http);
        await ScimAnswer.Of(http, query.Granted ? await mediator.Send(new ListScimUsers(http.Provider(), query.Value), http.RequestAborted) : query.Refusal);
    }

    static async Task Read(HttpContext http, IMediator mediator)
    {
        var outcome = Id(http) is { } id ? await mediator.Send(new ReadScimUser(http.Provider(), id, ScimAsked.Wanted(http.Request)), http.RequestAborted) : Unknown;
        await ScimAnswer.Of(http, outcome, ScimAsked.Knows(http.Request, outcome) ? StatusCodes.Status304NotModified : StatusCodes.Status200OK);
    }

    static Task Create(HttpContext http, IMediator mediator) =>
        ScimAnswer.With(http, body => mediator.Send(new CreateScimUser(http.Provider(), body, ScimAsked.Wanted(http.Request), http.ProviderOrigin()), CancellationToken.None), StatusCodes.Status201Created);

    static Task Replace(HttpContext http, IMediator mediator) => ScimAnswer.With(http, body => Id(http) is { } id
        ? mediator.Send(new ReplaceScimUser(http.Provider(), id, body, ScimAsked.IfMatch(http.Request), ScimAsked.Wanted(http.Request), http.ProviderOrigin()), CancellationToken.None) : Task.FromResult(Unknown));

    static Task Patch(HttpContext http, IMediator mediator) => ScimAnswer.With(http, body => Id(http) is { } id
        ? mediator.Send(new PatchScimUser(http.Provider(), id, body, ScimAsked.IfMatch(http.Request), ScimAsked.Wanted(http.Request), http.ProviderOrigin()), CancellationToken.None) : Task.FromResult(Unknown));

    static async Task Delete(HttpContext http, IMediator mediator) =>
        await ScimAnswer.Of(http, Id(http) is { } id ? await mediator.Send(new DeleteScimUser(http.Provider(), id, ScimAsked.IfMatch(http.Request), http.ProviderOrigin()), CancellationToken.None) : Unknown);

    static readonly Outcome<ScimReply> Unknown = ScimFault.NotFound("user");

    static Guid? Id(HttpContext http) => Guid.TryParse(http.Request.RouteValues[UserKey] as string, out var id) ? id : null;
}
