namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>
/// <c>POST /admin/v2/orgs/{orgId}/users/invite</c> (SPEC U3): to the sites that the rules name. 200 when every address was invited, 206
/// when some were refused: each says what became of it.
/// </summary>
static class Invitations
{
    public static void MapInvitations(this IEndpointRouteBuilder app) =>
        app.MapPost($"{Orgs.V2}/users/invite", Invite).Requires(Permission.ManageUsers, ApiScope.UsersManage);

    static async Task<ApiResult> Invite(ApiCall call)
    {
        var body = await call.Body<Body>();
        var sites = await body.Then(b => SitesOf(call, b));
        if (!sites.Granted) return sites.Refusal;
        var (asked, results) = (body.Value, new Dictionary<string, List<OnSite>>());
        foreach (var (site, roles) in sites.Value)
        {
            var invited = await call.Execute(new InviteUsers(site, asked.Emails!, roles,
                [.. (asked.AdditionalGroups ?? []).Select(g => new GroupId(g))], asked.NotificationText, call.Origin));
            if (!invited.Granted) return invited.Refusal;
            foreach (var one in invited.Value.Each)
            {
                if (!results.TryGetValue(one.Address, out var sofar)) results[one.Address] = sofar = [];
                sofar.Add(new(site.Value, one.Outcome.Granted ? one.Outcome.Value is InvitedHow.InAtOnce ? "added" : "invited" : "refused",
                    one.Outcome.Refusal?.Code, one.Outcome.Refusal?.Sentence));
            }
        }
        var partial = results.Values.Any(r => r.Any(s => s.Code is not null));
        return ApiResult.Of(results.Select(r => new InvitationResult(r.Key, r.Value)),
            status: partial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK);
    }

    /// <summary>Everything is looked at before the first mail is written: a site or group of somebody else's is answered as none.</summary>
    static async Task<Outcome<Dictionary<SiteId, Dictionary<string, AppRole>>>> SitesOf(ApiCall call, Body body)
    {
        if (body.Emails is not { Count: > 0 } emails || emails.Any(e => e is null)) return new NoAddresses();
        if (body.PermissionRules is not { Count: > 0 } rules)
            return new InvalidValue("permissionRules",
                "Name at least one resource and role, so that it is clear to which site people are invited.");
        var own = (await call.Send(new ReadSites(call.Organization))).ToDictionary(s => s.Id);
        var sites = new Dictionary<SiteId, Dictionary<string, AppRole>>();
        foreach (var rule in rules)
        {
            if (OrganizationShape.RoleOf(rule?.Role) is not { } role)
                return new InvalidValue("role", "A role is atlassian/user or atlassian/admin.");
            if (OrganizationShape.ReadResource(rule!.Resource) is not var (app, site) || !own.TryGetValue(site, out var found)
                || found.Apps.All(a => a.Id != app)) return new NotFound("resource");
            if (!sites.TryGetValue(site, out var roles)) sites[site] = roles = [];
            roles[app] = role;
        }
        var groups = (body.AdditionalGroups ?? []).Select(g => new GroupId(g)).Distinct().ToList();
        return groups.Count > 0 && (await call.Send(new NameGroups(call.Organization, groups))).Count < groups.Count
            ? new NotFound("group")
            : sites;
    }

    /// <param name="NotificationText">Stands in the mail.</param>
    sealed record Body(IReadOnlyList<string>? Emails, IReadOnlyList<Rule>? PermissionRules, IReadOnlyList<Guid>? AdditionalGroups,
        string? NotificationText);

    sealed record Rule(string? Resource, string? Role);

    sealed record InvitationResult(string Email, IReadOnlyList<OnSite> Results);

    /// <param name="Result">"invited", "added" or "refused".</param>
    sealed record OnSite(Guid SiteId, [property: System.Text.Json.Serialization.JsonPropertyName("result")] string What, string? Code,
        string? Message);
}
