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
        var groups = (asked.AdditionalGroups ?? []).Select(g => new GroupId(g)).Distinct().ToList();
        foreach (var (site, roles) in sites.Value)
        {
            var invited = await call.Execute(new InviteUsers(site, asked.Emails!, roles, groups, asked.NotificationText, call.Origin)
            {
                Silent = asked.SendNotification == false,
            });
            if (!invited.Granted) return invited.Refusal;
            foreach (var one in invited.Value.Each)
            {
                if (!results.TryGetValue(one.Address, out var sofar)) results[one.Address] = sofar = [];
                var (status, reason) = one.Outcome.Granted ? ("INVITED", null) : ("ERROR", one.Outcome.Refusal.Sentence);
                sofar.Add(new(
                    [.. roles.Select(r => new RoleResult(
                        OrganizationShape.ResourceOf(r.Key, site), OrganizationShape.NameOf(r.Value), status, reason))],
                    [.. groups.Select(g => new GroupResult(g.Value, status, reason))],
                    site.Value, one.Outcome.Granted ? one.Outcome.Value is InvitedHow.InAtOnce ? "added" : "invited" : "refused",
                    one.Outcome.Refusal?.Code, reason));
            }
        }
        var ids = (await call.Execute(new FindAccounts([.. results.Where(r => r.Value.Any(s => s.What == "added"))
            .Select(r => EmailAddress.Parse(r.Key).Value)]))).ToDictionary(a => a.Email, a => a.Id.Value);
        var partial = results.Values.Any(r => r.Any(s => s.Code is not null));
        return ApiResult.Of(results.Select(r => new InvitationResult(ids.TryGetValue(r.Key, out var id) ? id : null, r.Key, r.Value)),
            status: partial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK);
    }

    /// <summary>Everything is looked at before the first mail is written: a site or group of somebody else's is answered as none.</summary>
    static async Task<Outcome<Dictionary<SiteId, Dictionary<string, AppRole>>>> SitesOf(ApiCall call, Body body)
    {
        if (body.Emails is not { Count: > 0 } emails || emails.Any(e => e is null)) return new NoAddresses();
        var rules = body.PermissionRules ?? [];
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
        foreach (var id in (body.AdditionalGroups ?? []).Distinct())
        {
            var group = await call.Send(new ReadGroup(call.Organization, new(id)));
            if (!group.Granted) return group.Refusal;
            // Groups alone invite to the sites that they open.
            if (rules.Count == 0) foreach (var access in group.Value.Access) sites.TryAdd(access.Site, []);
        }
        return sites.Count > 0
            ? sites
            : new InvalidValue("permissionRules",
                "Name a resource and a role in permissionRules, or a group that opens an app in additionalGroups, so that it is clear to "
                + "which site people are invited.");
    }

    /// <param name="SendNotification">Null as true.</param>
    /// <param name="NotificationText">Stands in the mail.</param>
    sealed record Body(IReadOnlyList<string>? Emails, IReadOnlyList<Rule>? PermissionRules, IReadOnlyList<Guid>? AdditionalGroups,
        bool? SendNotification, string? NotificationText);

    sealed record Rule(string? Resource, string? Role);

    /// <param name="Id">Of the account that is in at once; left out where a link was made.</param>
    sealed record InvitationResult(Guid? Id, string Email, IReadOnlyList<OnSite> Results);

    /// <param name="SiteId">Beyond that API, as is all that follows.</param>
    /// <param name="What">"invited", "added" or "refused".</param>
    sealed record OnSite(IReadOnlyList<RoleResult> RoleAssignmentResult, IReadOnlyList<GroupResult> GroupAssignmentResult, Guid SiteId,
        [property: System.Text.Json.Serialization.JsonPropertyName("result")] string What, string? Code, string? Message);

    sealed record RoleResult(string Resource, string Role, string Status, string? StatusReason);

    sealed record GroupResult(Guid Group, string Status, string? StatusReason);
}
