namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>
/// <c>POST /admin/v2/orgs/{orgId}/users/invite</c> (SPEC U3): to the sites that the rules name. 200 when every address was invited, 206
/// when some were refused: each says what became of it.
/// </summary>
static class Invitations
{
    public static void MapInvitations(this IEndpointRouteBuilder app) =>
        app.MapPost($"{Orgs.V2}/users/invite", Invite).Requires(Permission.ManageUsers, ApiScope.UsersManage);

    static async Task Invite(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.ReadLenient<Body>(http);
        var sites = body.Granted ? await SitesOf(http, mediator, body.Value) : body.Refusal;
        if (!sites.Granted)
        {
            await OrganizationShape.Refuse(http, sites.Refusal);
            return;
        }
        var (asked, results) = (body.Value!, new Dictionary<string, List<OnSite>>());
        foreach (var (site, roles) in sites.Value)
        {
            var invited =
                await mediator
                .Send(new InviteUsers(site, asked.Emails!, roles, [.. (asked.AdditionalGroups ?? []).Select(g => new GroupId(g))],
                    asked.NotificationText, http.Origin()), CancellationToken.None);
            if (!invited.Granted)
            {
                await OrganizationShape.Refuse(http, invited.Refusal);
                return;
            }
            foreach (var one in invited.Value.Each)
            {
                if (!results.TryGetValue(one.Address, out var sofar)) results[one.Address] = sofar = [];
                sofar.Add(new(site.Value, one.Outcome.Granted ? one.Outcome.Value is InvitedHow.InAtOnce ? "added" : "invited" : "refused",
                    one.Outcome.Refusal?.Code, one.Outcome.Refusal?.Sentence));
            }
        }
        var partial = results.Values.Any(r => r.Any(s => s.Code is not null));
        await OrganizationShape.Write(http, results.Select(r => new InvitationResult(r.Key, r.Value)),
            status: partial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK);
    }

    /// <summary>Everything is looked at before the first mail is written: a site or group of somebody else's is answered as none.</summary>
    static async Task<Outcome<Dictionary<SiteId, Dictionary<string, AppRole>>>> SitesOf(HttpContext http, IMediator mediator, Body body)
    {
        if (body.Emails is not { Count: > 0 } emails || emails.Any(e => e is null)) return new NoAddresses();
        if (body.PermissionRules is not { Count: > 0 } rules)
            return new InvalidValue("permissionRules",
                "Name at least one resource and role, so that it is clear to which site people are invited.");
        var own = (await mediator.Send(new ReadSites(http.Organization()), http.RequestAborted)).ToDictionary(s => s.Id);
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
        if (groups.Count > 0
            && (await mediator.Send(new NameGroups(http.Organization(), groups), http.RequestAborted)).Count < groups.Count)
            return new NotFound("group");
        return sites;
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
