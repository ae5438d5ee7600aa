using DirectoryPlatform.Web.Api.Management;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary><c>GET /admin/v1/orgs/{orgId}/users</c>: the managed accounts, page by page;
/// the same query as the page's list (SPEC M1).</summary>
static class ManagedAccounts
{
    public static void MapManagedAccounts(this IEndpointRouteBuilder app) =>
        app.MapGet($"{Orgs.V1}/users", List).Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);

    static Task<ApiResult> List(ApiCall call) => Page(call,
        new ManagedAccountFilter(call.Asked.Text("searchTerm"), Domain: DomainOf(call.Asked.Text("emailDomain")))
        {
            // As the answer spells them.
            States = call.Asked.All("status", UserWords.Accounts.Of)?.SelectMany(s => s).ToList(),
        },
        counted: true);

    static string? DomainOf(string? name) => name is null ? null : DomainName.Normalise(name).Value;

    /// <param name="counted">Whether the answer says how many the organization has in all.</param>
    public static async Task<ApiResult> Page(ApiCall call, ManagedAccountFilter filter, bool counted)
    {
        var page = await call.Send(new ListManagedAccounts(call.Organization, filter, Cursor: call.Cursor, Size: call.Size));
        if (!page.Granted) return page.Refusal;
        return ApiResult.Of(
            page.Value.Rows.Select(r => new Shaped(
                r.Id.Value, "atlassian", ProfileRoutes.StatusOf(r.State), r.Name, ProfileRoutes.PictureOf(call, r.Id), r.Email,
                r.State is AccountState.Active && r.Billable, r.LastActiveAt?.UtcDateTime,
                [.. r.AppIds.Zip(r.Apps ?? [], (id, name) => new Product(id, name))],
                new(call.Link($"/users/{r.Id}/manage/profile")))),
            call.Links(page.Value),
            counted ? new { total = (await call.Send(new CountManagedAccounts(call.Organization))).Total } : null,
            names: ApiAnswer.Snake);
    }

    /// <param name="LastActive">Left out for never.</param>
    sealed record Shaped(
        Guid AccountId, string AccountType, string AccountStatus, string Name, string Picture, string Email, bool AccessBillable,
        DateTime? LastActive, IReadOnlyList<Product> ProductAccess, SelfLink Links);

    sealed record Product(string Key, string Name);
}
