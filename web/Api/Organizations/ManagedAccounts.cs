using DirectoryPlatform.Web.Api.Management;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary><c>GET /admin/v1/orgs/{orgId}/users</c>: the managed accounts, page by page;
/// the same query as the page's list (SPEC M1).</summary>
static class ManagedAccounts
{
    public static void MapManagedAccounts(this IEndpointRouteBuilder app) =>
        app.MapGet($"{Orgs.V1}/users", List).Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);

    static Task<ApiResult> List(ApiCall call) => Page(call,
        new ManagedAccountFilter(
            call.Asked.Text("searchTerm"), StateOf(call.Asked.Text("status")), DomainOf(call.Asked.Text("emailDomain"))),
        counted: true);

    static string? DomainOf(string? name) => name is null ? null : DomainName.Normalise(name).Value;

    /// <param name="counted">Whether the answer says how many the organization has in all.</param>
    public static async Task<ApiResult> Page(ApiCall call, ManagedAccountFilter filter, bool counted)
    {
        var page = await call.Send(new ListManagedAccounts(call.Organization, filter, Cursor: call.Cursor, Size: call.Size));
        if (!page.Granted) return page.Refusal;
        var billable = (await call.Send(new ReadPolicyAssignment(call.Organization))).Policies
            .ToLookup(p => p.Settings.Name, p => p.Settings.Billable);
        var apps = (await call.Send(new ReadApps())).ToLookup(a => a.Name, a => a.Id);
        return ApiResult.Of(
            page.Value.Rows.Select(r => new Shaped(
                r.Id.Value, "atlassian", ProfileRoutes.StatusOf(r.State), r.Name, ProfileRoutes.PictureOf(call, r.Id), r.Email,
                r.State is AccountState.Active && billable[r.Policy].FirstOrDefault(true), r.LastActiveAt?.UtcDateTime,
                [.. (r.Apps ?? []).SelectMany(name => apps[name].Take(1), (name, id) => new Product(id, name))],
                new(call.Link($"/users/{r.Id}/manage/profile")))),
            call.Links(page.Value),
            counted ? new { total = (await call.Send(new CountManagedAccounts(call.Organization))).Total } : null,
            names: ApiAnswer.Snake);
    }

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
