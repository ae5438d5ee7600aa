namespace DirectoryPlatform.Web.Api.Document;

/// <summary>Operations that are published and that there is nothing for here, or nothing that a program may do: each says why.</summary>
static class LeftOutOperations
{
    const string People = "Users", Policies = "Authentication policies", Keys = "API keys", V1 = "/admin/v1/orgs/{orgId}",
        Control1 = "/admin/control/v1/orgs/{orgId}", Control2 = "/admin/control/v2/orgs/{orgId}",
        Access = "/admin/api-access/v1/orgs/{orgId}";

    public static readonly IReadOnlyList<Operation> All =
    [
        .. Missing("Admins can only be added and removed by an admin in the browser: a stolen key must not be able to make one.", People,
            ("POST", $"{V1}/users/{{accountId}}/role-assignments/assign", "assignOrganizationRole"),
            ("POST", $"{V1}/users/{{accountId}}/role-assignments/revoke", "revokeOrganizationRole")),
        .. Missing("Only an admin in the browser creates API keys: a stolen key must not be able to create more of them.", Keys,
            ("POST", $"{Access}/api-keys", "createApiKey")),
        .. Missing("Read the members of each policy: GET /admin/v1/orgs/{orgId}/authentication-policies/{policyId}/members.", Policies,
            ("POST", $"{Control1}/users/auth-policies/bulk-fetch", "fetchPoliciesOfUsers")),
        .. Missing("There are no IP allow lists and no data residency here. See /authentication-policies for sign-in.", Policies, [
            .. Data(V1, "Data"), .. Data(Control1, "Control"),
            ("GET", $"{Control1}/policies/{{policyId}}/resources", "listControlPolicyResources"),
            ("DELETE", $"{Control1}/policies/{{policyId}}/resources", "removeControlPolicyResources"),
            ("GET", $"{Control2}/policies", "listControlPoliciesV2"), ("POST", $"{Control2}/policies", "createControlPolicyV2"),
            ("GET", $"{Control2}/policies/{{policyId}}", "readControlPolicyV2"),
            ("PUT", $"{Control2}/policies/{{policyId}}", "changeControlPolicyV2"),
            ("GET", $"{Control2}/policies/{{policyId}}/resources", "listControlPolicyResourcesV2"),
            ("POST", $"{Control2}/policies/{{policyId}}/resources", "changeControlPolicyResourcesV2"),
            ("DELETE", $"{Control2}/policies/{{policyId}}/resources", "removeControlPolicyResourcesV2")]),
    ];

    /// <summary>The same below two addresses.</summary>
    static (string, string, string)[] Data(string below, string name) =>
    [
        ("GET", $"{below}/policies", $"list{name}Policies"), ("POST", $"{below}/policies", $"create{name}Policy"),
        ("GET", $"{below}/policies/{{policyId}}", $"read{name}Policy"), ("PUT", $"{below}/policies/{{policyId}}", $"change{name}Policy"),
        ("DELETE", $"{below}/policies/{{policyId}}", $"delete{name}Policy"),
        ("GET", $"{below}/policies/{{policyId}}/validate", $"validate{name}Policy"),
        ("POST", $"{below}/policies/{{policyId}}/resources", $"add{name}PolicyResource"),
        ("PUT", $"{below}/policies/{{policyId}}/resources/{{resourceId}}", $"change{name}PolicyResource"),
        ("DELETE", $"{below}/policies/{{policyId}}/resources/{{resourceId}}", $"remove{name}PolicyResource"),
    ];

    static IEnumerable<Operation> Missing(string why, string group, params (string Method, string Path, string Name)[] all) =>
        all.Select(o => new Operation(o.Method, o.Path, o.Name, group, "Left out", null, [], 404) { LeftOut = why });
}
