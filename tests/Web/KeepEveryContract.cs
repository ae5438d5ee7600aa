using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Each operation is asked once as its clients ask it, and must answer with the members that are published for it (SPEC P1, P7). An
/// operation without a line here fails.
/// </summary>
[Trait("Rule", "P7")]
public sealed partial class KeepEveryContract : OnApi
{
    const string V1 = "/admin/v1/orgs/{org}", V2 = "/admin/v2/orgs/{org}", Dir = $"{V2}/directories/-", Manage = "/users/{liam}/manage",
        Access = "/admin/api-access/v1/orgs/{org}", Links = "/admin/user-provisioning/v1/org/{org}",
        Control = "/admin/control/v1/orgs/{org}/auth-policy", Old = $"{V1}/directory/users/{{liam}}", Domain = $"{V1}/domains/{{domain}}",
        Group = $"{Dir}/groups/{{group}}", Policy = $"{V1}/authentication-policies/{{policy}}", Job = $"{V1}/jobs/{{export}}";

    const string Account = "account_id account_type account_status name picture email", Resource = "id type attributes",
        Profile = "account/account_id account/account_type account/account_status account/name account/picture account/email "
            + "account/nickname account/characteristics/not_mentionable account/extended_profile",
        User = "accountId accountType status accountStatus membershipStatus claimStatus name email emailVerified mfaEnabled addedToOrg",
        Event = "id type attributes/time attributes/action attributes/actor/id attributes/context/id attributes/container/id "
            + "message/content message/format links/self";

    /// <param name="Status">Of what is granted.</param>
    /// <param name="Members">Each there, below the first row where there are rows.</param>
    /// <param name="Keep">What later steps name, such as "group=data/id".</param>
    sealed record Step(string Operation, string Path, int Status, string Members = "", string? Body = null, string? Keep = null)
    {
        /// <summary>What happens before.</summary>
        public string? First { get; init; }
    }

    /// <summary>Lets jobs run.</summary>
    const string Work = "work";

    static readonly Step[] Steps =
    [
        new("readPrivileges", Manage, 200,
            "email.set/allowed lifecycle.enablement/allowed apiToken.read/allowed profile.write/name/allowed"),
        new("readProfile", $"{Manage}/profile", 200, Profile),
        new("changeProfile", $"{Manage}/profile", 200, Profile, """{"extended_profile":{"job_title":"Engineer"}}"""),
        new("changeEmail", $"{Manage}/email", 204, Body: """{"email":"liam.long@acme.example"}"""),
        new("listTokens", "/users/{ben}/manage/api-tokens", 200, "id label createdAt", Keep: "token=id"),
        new("revokeToken", "/users/{ben}/manage/api-tokens/{token}", 204),
        new("deactivateAccount", $"{Manage}/lifecycle/disable", 204, Body: """{"message":"Ask Grace."}"""),
        new("reactivateAccount", $"{Manage}/lifecycle/enable", 204),
        new("deleteAccount", $"{Manage}/lifecycle/delete", 200, "message"),
        new("cancelDeletion", $"{Manage}/lifecycle/cancel-delete", 200, "message"),

        new("listOrganizations", "/admin/v1/orgs", 200, Below("data", $"{Resource} relationships/domains/links/related") + " links/self"),
        new("readOrganization", V1, 200, Below("data", $"{Resource} attributes/name relationships/users/links/related links/self")),
        new("listDirectories", $"{V2}/directories", 200, "data/directoryId data/name"),
        new("queryWorkspaces", $"{V2}/workspaces", 200, Below("data", $"{Resource} attributes/name attributes/typeKey attributes/hostUrl"),
            """{"limit":10}""", "resource=data/id"),
        new("listManagedAccounts", $"{V1}/users", 200,
            Below("data", $"{Account} access_billable product_access links/self") + " meta/total"),

        new("listDomains", $"{V1}/domains", 200, Below("data", $"{Resource} attributes/name attributes/claim/type attributes/claim/status"),
            Keep: "domain=data/id"),
        new("listDomainsV2", $"{V2}/domains", 200, Below("data", $"{Resource} attributes/name attributes/claim/status")),
        new("readDomain", Domain, 200, Below("data", $"{Resource} attributes/name links/self")),
        new("readDomainV2", $"{V2}/domains/{{domain}}", 200, Below("data", $"{Resource} attributes/name")),
        new("addDomain", $"{V1}/domains", 201, "data/id data/attributes/publish/dns/value", """{"name":"new.example"}""", "new=data/id"),
        new("verifyDomain", $"{V1}/domains/{{new}}/verify", 200, "data/attributes/lastCheck/verdict", """{"method":"dns"}"""),
        new("removeDomain", $"{V1}/domains/{{new}}", 204),
        new("chooseClaiming", $"{Domain}/claim-setting", 200, "data/attributes/automaticClaim", """{"automatic":true}"""),
        new("previewClaim", $"{Domain}/claim/preview", 200, "data/attributes/willChange"),
        new("claimAccounts", $"{Domain}/claim", 202, "data/id", """{"emails":["ann@acme.example"]}""", "job=data/id"),
        new("previewUnclaim", $"{Domain}/unclaim/preview", 200, "data/attributes/willChange", """{"emails":["ann@acme.example"]}""")
        {
            First = Work,
        },
        new("unclaimAccounts", $"{Domain}/unclaim", 202, "data/id", """{"emails":["ann@acme.example"]}"""),
        new("excludeAccount", $"{Domain}/exclusions", 204, Body: """{"email":"max@acme.example"}""") { First = Work },
        new("listExclusions", $"{Domain}/exclusions", 200, "data/accountId data/email meta/total"),
        new("readmitAccount", $"{Domain}/exclusions/{{max}}", 204),

        new("inviteUsers", $"{V2}/users/invite", 200, "data/id data/email data/results/roleAssignmentResult/status",
            """
            {"emails":["liam.long@acme.example","ben@acme.example"],
              "permissionRules":[{"resource":"{resource}","role":"atlassian/user"}]}
            """),
        new("listUsers", $"{Dir}/users?accountIds={{liam}}", 200, Below("data", User)),
        new("searchUsers", $"{Dir}/users/search", 200, Below("data", $"{User} platformRoles counts/resources productAccess/key groups"),
            """{"accountIds":["{liam}"],"expand":["platformRoles","counts.resources","productAccess","groups"]}"""),
        new("searchUsersV1", $"{V1}/users/search", 200,
            Below("data", "accountId accountType accountStatus statusInUserbase name nickname email emailVerified "
                + "productLastAccess/productKey productLastAccess/cloudSiteId groups"),
            """{"accountIds":["{liam}"],"expand":["NAME","EMAIL","EMAIL_VERIFIED","PRODUCT_LAST_ACCESS","GROUPS"]}"""),
        new("countUsers", $"{Dir}/users/count", 200, "count"),
        new("readUserStats", $"{Dir}/users/stats", 200, "accountStatus/status accountStatus/count membershipStatus/status roles/roleId"),
        new("readUser", $"{Dir}/users/{{liam}}", 200, Below("data", $"{User} platformRoles counts/resources jobTitle")),
        new("listUserRoles", $"{Dir}/users/{{liam}}/role-assignments", 200, "data/resourceId data/resourceOwner data/roles"),
        new("suspendUser", $"{Dir}/users/{{liam}}/suspend", 204), new("restoreUser", $"{Dir}/users/{{liam}}/restore", 204),
        new("suspendUserAccess", $"{Old}/suspend-access", 204), new("restoreUserAccess", $"{Old}/restore-access", 204),
        new("readLastActiveDates", $"{Old}/last-active-dates", 200,
            "data/product_access data/added_to_org data/added_to_org_timestamp"),
        new("assignRole", $"{V1}/users/{{liam}}/roles/assign", 204, Body: """{"role":"atlassian/admin","resource":"{resource}"}"""),
        new("revokeRole", $"{V1}/users/{{liam}}/roles/revoke", 204, Body: """{"role":"atlassian/admin","resource":"{resource}"}"""),

        new("createGroup", $"{Dir}/groups", 201, "data/id data/name", """{"name":"Writers","description":"Who writes"}""", "group=data/id"),
        new("addMember", $"{Group}/memberships", 204, Body: """{"accountId":"{liam}"}"""),
        new("openApp", $"{Group}/role-assignments/assign", 204, Body: """{"roleId":"atlassian/user","resourceId":"{resource}"}"""),
        new("listGroups", $"{Dir}/groups", 200, "data/id data/name data/description data/directoryId"),
        new("searchGroups", $"{Dir}/groups/search", 200, "data/id data/name data/counts/users data/counts/resources", "{}"),
        new("countGroups", $"{Dir}/groups/count", 200, "count"),
        new("readGroupStats", $"{Dir}/groups/stats", 200, "totals/all types/type"),
        new("readGroup", Group, 200, "data/id data/name"),
        new("listGroupRoles", $"{Group}/role-assignments", 200, "data/resourceId data/resourceOwner data/roles"),
        new("closeApp", $"{Group}/role-assignments/revoke", 204, Body: """{"roleId":"atlassian/user","resourceId":"{resource}"}"""),
        new("removeMember", $"{Group}/memberships/{{liam}}", 204), new("deleteGroup", Group, 204),

        new("createPolicy", $"{V1}/authentication-policies", 201, "data/id data/type data/attributes/name", """{"name":"Contractors"}""",
            "policy=data/id"),
        new("listPolicies", $"{V1}/authentication-policies", 200, "data/id data/attributes/isDefault"),
        new("readPolicy", Policy, 200, "data/attributes/idleMinutes"),
        new("changePolicy", Policy, 200, "data/attributes/idleMinutes", """{"idleMinutes":60}"""),
        new("moveToPolicy", $"{Policy}/members", 200, "data/moved", """{"accountIds":["{liam}"]}"""),
        new("listPolicyMembers", $"{Policy}/members", 200, Below("data", Account)),
        new("addUsersToPolicy", $"{Control}/{{policy}}/add-users", 202, "taskId taskLink",
            """{"users":["BEN@acme.example","nobody@acme.example"]}""", "task=taskId"),
        new("readPolicyTask", $"{Control}/task/{{task}}", 200,
            "inProgressCount successCount failureCount failureReasons/emails failureReasons/details/detail") { First = Work },
        new("deletePolicy", Policy, 204),

        new("beginExport", $"{V1}/exports", 202, "data/id", Keep: "export=data/id"),
        new("readExport", $"{V1}/exports/{{export}}", 200, "data/attributes/fileName data/attributes/rows data/links/file")
        {
            First = Work,
        },
        new("readExportFile", $"{V1}/exports/{{export}}/file", 200),
        new("listJobs", $"{V1}/jobs", 200, "data/id data/attributes/state data/links/results"),
        new("readJob", $"{V1}/jobs/{{job}}", 200, "data/attributes/counts data/attributes/percent"),
        new("readJobResults", $"{V1}/jobs/{{job}}/results", 200),
        // As if it were still at work: a job of a few accounts ends sooner than anybody could cancel it.
        new("cancelJob", $"{Job}/cancel", 200, "data/attributes/state")
        {
            First = "update kernel.job set state = 1, ended_at = null where id = '{export}'",
        },
        new("resumeJob", $"{Job}/resume", 200, "data/attributes/state"),

        new("listEvents", $"{V1}/events", 200, Below("data", Event) + " links/self meta/page_size", Keep: "event=data/id"),
        new("listEventsV2", $"{V2}/events", 200, Below("data", Event)),
        new("readEvent", $"{V1}/events/{{event}}", 200, Below("data", Event)),
        new("readEventV2", $"{V2}/events/{{event}}", 200, Below("data", Event)),
        new("streamEvents", $"{V1}/events-stream", 200, "meta/next links/next"),
        new("listEventActions", $"{V1}/event-actions", 200, "data/id data/type data/attributes/displayName"),

        new("listApiTokens", $"{Access}/api-tokens", 200,
            Below("data", "id label status createdAt expiresAt user/id user/orgId user/name user/email")),
        new("countApiTokens", $"{Access}/api-tokens/count", 200),
        new("revokeAllApiTokens", $"{Access}/api-tokens", 202, "data/id"),
        new("listApiKeys", $"{Access}/api-keys", 200, Below("data", "id label createdAt expiresAt createdBy/id createdBy/name scopes"))
        {
            First = Work,
        },
        new("countApiKeys", $"{Access}/api-keys/count", 200),
        new("revokeApiKey", $"{Access}/api-keys/{{key}}", 204),

        new("readScimLinks", $"{Links}/user/{{mia}}/get-scim-links", 200, "scimLinks/directoryId scimLinks/scimUserId scimLinks/orgId"),
        new("findScimLinks", $"{Links}/get-scim-links-for-email", 200, "scimLinks/atlassianAccountId", """{"email":"mia@acme.example"}"""),
        new("unlinkScimUser", $"{Links}/scimDirectoryId/{{directory}}/scimUserId/{{mia}}/unlink", 204),
        new("deleteProvisioningRecord", $"{Links}/user/{{eve}}/onlyDeleteUserInDB", 204),
        new("removeUser", $"{Dir}/users/{{liam}}", 204), new("removeUserAccess", $"{V1}/directory/users/{{ben}}", 204),
    ];

    static string Below(string place, string members) => string.Join(' ', members.Split(' ').Select(m => $"{place}/{m}"));

    async Task<Dictionary<string, string>> Furnish()
    {
        await Here.Send(new OfferApps([new("jira", "Jira")]));
        var site = await Here.Grant(new CreateSite(Acme, "Team", "https://team.acme.example", By(Ada)));
        await Here.Grant(new PutAppOnSite(site, "jira", By(Ada)));
        var ben = await Here.Account("ben@acme.example", "Ben", managedBy: Acme);
        foreach (var label in (string[])["Backup", "Reports"]) await Here.Grant(new CreateApiToken(ben, label, 90, By(ben)));
        await Here.Account("ann@acme.example", "Ann");
        var made = await Here.Grant(new CreateIdentityDirectory(Acme, Ada, "Entra ID", By(Ada)));
        using var provider = new ScimCaller(Site.Somebody().Client, made.Directory.Id, made.Token, Here.Clock);
        async Task<Guid> Provided(string name) => await provider.Create(new
        {
            schemas = (string[])["urn:ietf:params:scim:schemas:core:2.0:User"],
            userName = $"{name}@acme.example",
            externalId = name,
        });
        return new()
        {
            ["org"] = $"{Acme}",
            ["liam"] = $"{Liam}",
            ["ben"] = $"{ben}",
            ["max"] = $"{await Here.Account("max@acme.example", "Max")}",
            ["mia"] = $"{await Provided("mia")}",
            ["eve"] = $"{await Provided("eve")}",
            ["directory"] = $"{made.Directory.Id}",
            ["key"] = $"{(await Key(Acme, Ada, ApiScope.JobsRead)).Key.Id}",
        };
    }

    [Fact]
    public async Task Every_operation_answers_with_what_is_published_for_it()
    {
        Steps.Select(s => s.Operation).ShouldBe(Operations.All.Where(o => o.LeftOut is null).Select(o => o.Name), ignoreOrder: true);
        var known = await Furnish();
        string Filled(string text) => Name().Replace(text, m => known.TryGetValue(m.Groups[1].Value, out var value) ? value : m.Value);
        foreach (var step in Steps)
        {
            // A bucket is emptied sooner than this is over.
            Here.Clock.Pass(TimeSpan.FromSeconds(1));
            if (step.First == Work) await Here.WorkNow();
            else if (step.First is { } sql) await Here.Scalar<int?>(Filled(sql));
            var operation = Operations.All.Single(o => o.Name == step.Operation);
            var answer = await Program.Expect((HttpStatusCode)step.Status, operation.Method, Filled(step.Path),
                step.Body is { } body ? Filled(body) : null);
            foreach (var member in step.Members.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                At(answer, member).HasValue.ShouldBeTrue($"{step.Operation} has no {member}: {answer}");
            if (step.Keep?.Split('=') is [var name, var place]) known[name] = At(answer, place)!.Value.GetString()!;
            ApiContract.Seen.ContainsKey((step.Operation, step.Status)).ShouldBeTrue($"{step.Operation} was another operation");
        }
    }

    /// <summary>Below the first row of an array; the array itself may be empty where nothing below it is asked for.</summary>
    static JsonElement? At(JsonElement from, string path)
    {
        foreach (var name in path.Split('/'))
        {
            if (from.ValueKind is JsonValueKind.Array)
            {
                if (from.GetArrayLength() == 0) return null;
                from = from[0];
            }
            if (from.ValueKind is not JsonValueKind.Object || !from.TryGetProperty(name, out from)) return null;
        }
        return from;
    }

    [GeneratedRegex(@"\{([a-z]+)\}")]
    private static partial Regex Name();
}
