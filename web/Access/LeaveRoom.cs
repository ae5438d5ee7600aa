using DirectoryPlatform.Web.Api;

namespace DirectoryPlatform.Web.Access;

/// <summary>
/// Notes whose people are here, and lets programs that look for an organization leave room for people of others (<see cref="FairShares"/>).
/// Runs behind the gate. Whoever waits here has no connection and no lock; a program that changes something does not wait, because what it
/// waits for later may be anything.
/// </summary>
sealed class LeaveRoom(RequestDelegate next, FairShares shares)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var visitor = http.Visitor();
        // A page that asks by itself says nobody is there.
        if (visitor is { Means: "web" or "mobile" } && !LiveStreams.IsAskedByPage(http)) shares.People.Note(WhoseOf(http, visitor));
        if (Program(http, visitor) is not { } organization || !Looks(http))
        {
            await next(http);
            return;
        }
        using var piece = await shares.Programs.Begin(organization.Value, http.RequestAborted);
        if (piece is null)
        {
            await ApiAnswer.RefuseFor(http, StatusCodes.Status429TooManyRequests, new TooMuchAtOnce(shares.Programs.Seconds));
            return;
        }
        http.Features.Set(piece);
        // However slowly the answer is read from then on.
        http.Response.OnStarting(() =>
        {
            piece.Dispose();
            return Task.CompletedTask;
        });
        await next(http);
    }

    /// <summary>Of the page; where it is nobody's, of the person.</summary>
    static Guid WhoseOf(HttpContext http, Visitor visitor) =>
        http.Features.Get<SiteRoles>()?.Organization.Value
        ?? (Guid.TryParse(http.GetRouteValue(RouteKeys.Organization) as string, out var named) ? named : (Guid?)null)
        ?? (visitor.ManagedBy ?? visitor.AdminOf.Cast<OrganizationId?>().FirstOrDefault())?.Value ?? default;

    static OrganizationId? Program(HttpContext http, Visitor? visitor) =>
        http.GetEndpoint()?.Metadata.GetMetadata<RequiresAttribute>() switch
        {
            { Scope: not null } => visitor?.Key?.Organization,
            { Permission: Permission.Provision } => http.Features.Get<ProvisioningGrant>()?.Organization,
            _ => null,
        };

    /// <summary>Whether it changes nothing, behind routing.</summary>
    internal static bool Looks(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
        || http.GetEndpoint()!.Metadata.GetMetadata<OnlyLooks>() is not null;

    sealed record TooMuchAtOnce(int Seconds)
        : Refusal("tooManyRequests", $"Too many requests of your organization’s programs are waiting on this server. Nothing was done. "
            + $"Try again in {Waits.InWords(Seconds)}."), IRetryLater;
}
