namespace DirectoryPlatform.Web;

/// <summary>Profile pictures (SPEC M5): always of the one type that we make ourselves,
/// and only for those who may see the account.</summary>
static class Pictures
{
    public static void MapPictures(this IEndpointRouteBuilder app)
    {
        app.MapGet("/o/{orgId:guid}/members/{accountId:guid}/picture.webp",
            (Guid orgId, Guid accountId, HttpContext http, IMediator mediator) =>
            Show(http, mediator, new(accountId), new OrganizationId(orgId))).Requires(Permission.ViewManagedAccounts);
        app.MapGet("/o/{orgId:guid}/users/{accountId:guid}/picture.webp",
            (Guid orgId, Guid accountId, HttpContext http, IMediator mediator) =>
            OfUser(http, mediator, new(new(orgId)), new(accountId))).Requires(Permission.ManageUsers);
        app.MapGet("/s/{siteId:guid}/users/{accountId:guid}/picture.webp",
            (Guid siteId, Guid accountId, HttpContext http, IMediator mediator) =>
            OfUser(http, mediator, new(http.Features.Get<SiteRoles>()!.Organization, new SiteId(siteId)), new(accountId)))
                .Requires(Permission.ViewSiteUsers);
        app.MapGet("/account/picture.webp", (HttpContext http, IMediator mediator) => Show(http, mediator, http.Visitor()!.Account, null))
            .Requires(Permission.OwnAccount);
    }

    /// <summary>Of somebody on a site, managed or external: shown to whoever sees the users of that site, as the list is.</summary>
    static async Task OfUser(HttpContext http, IMediator mediator, UserScope scope, AccountId account)
    {
        if (await mediator.Send(new IsUser(scope, account), http.RequestAborted)) await Show(http, mediator, account, null, account);
        else http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    /// <summary>Asked for anew each time, so that whoever may no longer see it does not; answered with "as before" when it is.</summary>
    static async Task Show(HttpContext http, IMediator mediator, AccountId account, OrganizationId? organization,
        AccountId? inTheNameOf = null)
    {
        var found = await mediator.Send(new ReadPicture(account, organization, inTheNameOf ?? http.Visitor()!.Account),
            http.RequestAborted);
        if (!found.Granted)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var tag = $"\"{found.Value.Id:N}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.ContentType = PictureFile.MediaType;
        http.Response.ContentLength = found.Value.Content.Length;
        await http.Response.Body.WriteAsync(found.Value.Content, http.RequestAborted);
    }
}
