using DirectoryPlatform.Web.Api.Management;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary><c>GET /admin/v1/orgs/{orgId}/users</c>: the managed accounts, page by page;
/// the same query as the page's list (SPEC M1).</summary>
static class ManagedAccounts
{
    public static void MapManagedAccounts(this IEndpointRouteBuilder app) =>
        app.MapGet($"{Orgs.V1}/users", List).Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);

    static Task List(HttpContext http, IMediator mediator) => Page(http, mediator, new ManagedAccountFilter(
        OrganizationShape.Text(http, "searchTerm"), StateOf(OrganizationShape.Text(http, "status")),
            OrganizationShape.Text(http, "emailDomain")), counted: true);

    /// <param name="counted">Whether the answer says how many the organization has in all.</param>
    public static async Task Page(HttpContext http, IMediator mediator, ManagedAccountFilter filter, bool counted)
    {
        var size = OrganizationShape.Size(http);
        if (!size.Granted)
        {
            await OrganizationShape.Refuse(http, size.Refusal);
            return;
        }
        var (organization, ct) = (http.Organization(), http.RequestAborted);
        var page = await mediator
            .Send(new ListManagedAccounts(organization, filter, Cursor: OrganizationShape.Text(http, "cursor"), Size: size.Value), ct);
        if (!page.Granted)
        {
            await OrganizationShape.Refuse(http, page.Refusal);
            return;
        }
        var billable = (await mediator.Send(new ReadPolicyAssignment(organization), ct)).Policies.ToLookup(p => p.Settings.Name,
            p => p.Settings.Billable);
        var apps = (await mediator.Send(new ReadApps(), ct)).ToLookup(a => a.Name, a => a.Id);
        await ApiAnswer.Write(http, StatusCodes.Status200OK, new Envelope(
            page.Value.Rows.Select(r => new Shaped(
                r.Id.Value, "atlassian", ProfileRoutes.StatusOf(r.State), r.Name, ProfileRoutes.PictureOf(http, r.Id), r.Email,
                r.State is AccountState.Active && billable[r.Policy].FirstOrDefault(true), r.LastActiveAt?.UtcDateTime,
                [.. (r.Apps ?? []).SelectMany(name => apps[name].Take(1), (name, id) => new Product(id, name))],
                new(OrganizationShape.Link(http, $"/users/{r.Id}/manage/profile")))),
            OrganizationShape.Links(http, page.Value),
            counted ? new { total = (await mediator.Send(new CountManagedAccounts(organization), ct)).Total } : null), ApiJson.Snake);
    }

    /// <summary>What is no state narrows nothing.</summary>
    static AccountState? StateOf(string? status) => status switch
    {
        "active" => AccountState.Active,
        "inactive" => AccountState.Deactivated,
        _ => null,
    };

    /// <param name="LastActive">Left out for never.</param>
    sealed record Shaped(
        Guid AccountId, string AccountType, string AccountStatus, string Name, string Picture, string Email, bool AccessBillable,
        DateTime? LastActive, IReadOnlyList<Product> ProductAccess, SelfLink Links);

    sealed record Product(string Key, string Name);
}
