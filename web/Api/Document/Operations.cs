using DirectoryPlatform.Web.Api.Management;
using DirectoryPlatform.Web.Api.Organizations;
using static DirectoryPlatform.Web.Api.Document.Parameters;

namespace DirectoryPlatform.Web.Api.Document;

/// <summary>One line for each route that API keys open; a test holds the table against the routes.</summary>
static class Operations
{
    const string Users = "Managed accounts", Orgs = "Organization", Domains = "Domains", People = "Users", Groups = "Groups",
    Policies = "Authentication policies", Keys = "API keys", Jobs = "Jobs", Exports = "Exports", Audit = "Audit log";
    const string Manage = "/users/{accountId}/manage", V1 = "/admin/v1/orgs/{orgId}", V2 = "/admin/v2/orgs/{orgId}",
    Domain = $"{V1}/domains/{{domainId}}", Job = $"{V1}/jobs/{{jobId}}",
        Directory = $"{V2}/directories/{{directoryId}}", Group = $"{Directory}/groups/{{groupId}}",
        Access = "/admin/api-access/v1/orgs/{orgId}", Links = "/admin/user-provisioning/v1/org/{orgId}",
        Control = "/admin/control/v1/orgs/{orgId}/auth-policy", OldUser = $"{V1}/directory/users/{{accountId}}",
        Policy = $"{V1}/authentication-policies/{{policyId}}", Export = $"{V1}/exports/{{jobId}}";

    public static readonly IReadOnlyList<Operation> All =
    [
        new("GET", Manage, "readPrivileges", Users, "List permitted actions for an account", null, [(200, "Privileges")],
            404) { Query = [new("privileges", "Only these") { Among = Privileges.Names, Many = true }] },
        new("GET", $"{Manage}/profile", "readProfile", Users, "Read a profile", null, [(200, "ProfileEnvelope")], 404),
        new("PATCH", $"{Manage}/profile", "changeProfile", Users, "Change some fields of a profile", "ProfilePatch",
            [(200, "ProfileEnvelope")], 404, 413, 415),
        new("PUT", $"{Manage}/email", "changeEmail", Users, "Change the email address", "EmailBody", [(204, null)], 404, 409, 415),
        new("GET", $"{Manage}/api-tokens", "listTokens", Users, "List the API tokens of an account", null, [(200, "Tokens")], 404),
        new("DELETE", $"{Manage}/api-tokens/{{tokenId}}", "revokeToken", Users, "Revoke an API token", null, [(204, null)], 404),
        new("POST", $"{Manage}/lifecycle/disable", "deactivateAccount", Users, "Deactivate an account", "MessageBody", [(204, null)], 404,
            409) { BodyOptional = true },
        new("POST", $"{Manage}/lifecycle/enable", "reactivateAccount", Users, "Reactivate an account", null, [(204, null)], 404, 409),
        new("POST", $"{Manage}/lifecycle/delete", "deleteAccount", Users, "Schedule the deletion of an account in 14 days", null,
            [(200, "Message")], 404, 409),
        new("POST", $"{Manage}/lifecycle/cancel-delete", "cancelDeletion", Users, "Cancel a scheduled deletion", null, [(200, "Message")],
            404),

        new("GET", "/admin/v1/orgs", "listOrganizations", Orgs, "List the organization of the key", null, [(200, "Organizations")])
        {
            Query = Paging,
        },
        new("GET", V1, "readOrganization", Orgs, "Read the organization", null, [(200, "Organization")], 404),
        new("GET", $"{V2}/directories", "listDirectories", Orgs, "List the directories", null, [(200, "Directories")], 404)
        {
            Query = [.. Paging, DirectoryIds, Term with { Words = "Part of the name" },
                new("accountId", "That this account is in") { Kind = ParameterKind.Id }],
        },
        new("POST", $"{V2}/workspaces", "queryWorkspaces", Orgs, "List the apps on sites, which roles are given for", "WorkspaceQuery",
            [(200, "Workspaces")], 404)
        {
            BodyOptional = true,
            Members =
            [
                .. Paging, new("query", "Combines field (name, values), searchWorkspaces, and, nor") { Kind = ParameterKind.Json },
                new(Parameter.Order, "Order")
                {
                    Among = [.. Workspaces.Fields.SelectMany(f => (string[])[$"{f.Name} asc", $"{f.Name} desc"])],
                    Many = true,
                },
            ],
        },
        new("GET", $"{V1}/users", "listManagedAccounts", Users, "List managed accounts", null, [(200, "ManagedAccounts")], 404)
        {
            Query = [.. Paging, Term, new("status", "Status of the account") { Among = UserWords.Accounts.Words, Many = true },
                new("emailDomain", "Only on this domain") { Kind = ParameterKind.Domain }],
        },

        new("GET", $"{V1}/domains", "listDomains", Domains, "List the domains", null, [(200, "Domains")], 404) { Query = Paging },
        new("POST", $"{V1}/domains", "addDomain", Domains, "Add a domain and get its token", "NameBody", [(201, "Domain")], 404, 409),
        new("GET", $"{V2}/domains", "listDomainsV2", Domains, "List the domains, under version 2", null, [(200, "Domains")], 404)
        {
            Query = Paging,
        },
        new("GET", $"{V2}/domains/{{domainId}}", "readDomainV2", Domains, "Read a domain, under version 2", null, [(200, "Domain")], 404),
        new("GET", Domain, "readDomain", Domains, "Read a domain", null, [(200, "Domain")], 404),
        new("DELETE", Domain, "removeDomain", Domains, "Remove a domain; its accounts are unclaimed", null, [(204, null)], 404),
        new("POST", $"{Domain}/verify", "verifyDomain", Domains, "Check for the verification token now", "VerifyBody", [(200, "Domain")],
            404) { BodyOptional = true },
        new("PUT", $"{Domain}/claim-setting", "chooseClaiming", Domains, "Choose whether new accounts are claimed at once", "ClaimSetting",
            [(200, "Domain")], 404),
        new("POST", $"{Domain}/claim", "claimAccounts", Domains, "Claim accounts by a job", "ClaimBody", [(202, "Job")], 404, 409),
        new("POST", $"{Domain}/claim/preview", "previewClaim", Domains, "See what claiming would do", "ClaimBody", [(200, "Preview")], 404,
            409) { BodyOptional = true },
        new("POST", $"{Domain}/unclaim", "unclaimAccounts", Domains, "Unclaim accounts by a job", "UnclaimBody", [(202, "Job")], 404, 409),
        new("POST", $"{Domain}/unclaim/preview", "previewUnclaim", Domains, "See what unclaiming would do", "UnclaimBody",
            [(200, "Preview")], 404, 409) { BodyOptional = true },
        new("GET", $"{Domain}/exclusions", "listExclusions", Domains, "List accounts that are not claimed automatically", null,
            [(200, "Exclusions")], 404, 409) { Query = Paging },
        new("POST", $"{Domain}/exclusions", "excludeAccount", Domains, "Add an account to the exclusion list", "EmailBody", [(204, null)],
            404, 409),
        new("DELETE", $"{Domain}/exclusions/{{accountId}}", "readmitAccount", Domains, "Remove an account from the exclusion list", null,
            [(204, null)], 404),

        new("GET", $"{Directory}/users", "listUsers", People, "List users", null, [(200, "Users")], 404)
        {
            Query = [.. Paging, .. UserFilters],
        },
        new("POST", $"{Directory}/users/search", "searchUsers", People, "Find users by address, ID or text", "UserSearch", [(200, "Users")],
            404)
        {
            BodyOptional = true,
            Members = [.. Paging, .. UserFilters,
                new("emails", "Exactly these addresses; not together with searchTerm") { Kind = ParameterKind.Email, Many = true },
                new("expand", "Additional members to return") { Among = UserDetailsShape.Expandable, Many = true },
                SortedBy("nick_name")],
        },
        new("POST", $"{V1}/users/search", "searchUsersV1", People, "Find users, under version 1", "UserSearchV1", [(200, "UsersV1")], 404)
        {
            BodyOptional = true,
            Members =
            [
                .. Paging, AccountIds, new("accountTypes", "Kinds of accounts") { Among = ["atlassian", "customer", "app"], Many = true },
                new("accountStatuses", "Status of the account") { Among = UserSearchV1.Statuses, Many = true },
                new("namesOrNicknames", "The name, or the public name") { Kind = ParameterKind.Match },
                new("emailUsernames", "What stands before the @ of the email address") { Kind = ParameterKind.Match },
                new("emailDomains", "Domain of the email address") { Kind = ParameterKind.Match },
                new("isSuspended", "Whether the membership is suspended on all sites") { Kind = ParameterKind.Flag },
                new("expand", "Additional members to return") { Among = UserSearchV1.Expandable, Many = true },
            ],
        },
        new("GET", $"{Directory}/users/count", "countUsers", People, "Count users", null, [(200, "Count")], 404) { Query = UserFilters },
        new("GET", $"{Directory}/users/stats", "readUserStats", People, "Count users by status and by role", null,
            [(200, "UserStats")], 404) { Query = UserFilters },
        new("GET", $"{Directory}/users/{{accountId}}", "readUser", People, "Read a user", null, [(200, "User")], 404),
        new("GET", $"{Directory}/users/{{accountId}}/role-assignments", "listUserRoles", People, "List a user’s app access", null,
            [(200, "RoleAssignments")], 404) { Query = [.. Paging, DirectoryIds, Owners, ResourceIds, RoleIds] },
        new("POST", $"{Directory}/users/{{accountId}}/suspend", "suspendUser", People, "Suspend a user", null, [(204, null)], 404),
        new("POST", $"{Directory}/users/{{accountId}}/restore", "restoreUser", People, "Restore a suspended user", null, [(204, null)],
            404),
        new("DELETE", $"{Directory}/users/{{accountId}}", "removeUser", People, "Remove a user from the sites", null, [(204, null)], 404),
        new("POST", $"{OldUser}/suspend-access", "suspendUserAccess", People, "Suspend a user, by the old path", null, [(204, null)], 404),
        new("POST", $"{OldUser}/restore-access", "restoreUserAccess", People, "Restore a suspended user, by the old path", null,
            [(204, null)], 404),
        new("DELETE", OldUser, "removeUserAccess", People, "Remove a user from the sites, by the old path", null, [(204, null)], 404),
        new("GET", $"{OldUser}/last-active-dates", "readLastActiveDates", People,
            "See when a user was last active", null, [(200, "LastActiveDates")], 404) { Query = [Paging[0]] },
        new("POST", $"{V2}/users/invite", "inviteUsers", People, "Invite people to sites", "Invitation",
            [(200, "InvitationResults"), (206, "InvitationResults")], 404),
        new("POST", $"{V1}/users/{{accountId}}/roles/assign", "assignRole", People, "Assign a user a role in an app", "RoleBody",
            [(204, null)], 404),
        new("POST", $"{V1}/users/{{accountId}}/roles/revoke", "revokeRole", People, "Remove a role from a user", "RoleBody", [(204, null)],
            404),

        new("GET", $"{Directory}/groups", "listGroups", Groups, "List groups", null, [(200, "Groups")],
            404) { Query = [.. Paging, .. GroupFilters] },
        new("POST", $"{Directory}/groups/search", "searchGroups", Groups, "Find groups by name, ID, member or access", "GroupSearch",
            [(200, "Groups")], 404)
        {
            BodyOptional = true,
            Members = [.. Paging, .. GroupFilters, new("groupNames", "Exactly these names, in any letter case") { Many = true },
                new("expand", "Always given") { Among = ["counts.resources", "counts.users"], Many = true }, SortedBy("name")],
        },
        new("GET", $"{Directory}/groups/count", "countGroups", Groups, "Count groups", null, [(200, "Count")], 404)
        {
            Query = GroupFilters,
        },
        new("GET", $"{Directory}/groups/stats", "readGroupStats", Groups, "Count groups by who fills them", null,
            [(200, "GroupStats")], 404) { Query = GroupFilters },
        new("POST", $"{Directory}/groups", "createGroup", Groups, "Create a group", "GroupBody", [(201, "Group")], 404, 409),
        new("GET", Group, "readGroup", Groups, "Read a group and its app access", null, [(200, "Group")], 404),
        new("GET", $"{Group}/role-assignments", "listGroupRoles", Groups, "List a group’s app access", null, [(200, "GroupRoles")], 404)
        {
            Query = [.. Paging, DirectoryIds, Owners, ResourceIds, RoleIds],
        },
        new("DELETE", Group, "deleteGroup", Groups, "Delete a group", null, [(204, null)], 404),
        new("POST", $"{Group}/memberships", "addMember", Groups, "Add a user to a group", "AccountBody", [(204, null)], 404),
        new("DELETE", $"{Group}/memberships/{{accountId}}", "removeMember", Groups, "Remove a user from a group", null, [(204, null)], 404),
        new("POST", $"{Group}/role-assignments/assign", "openApp", Groups, "Give a group access to an app", "RoleBody", [(204, null)], 404),
        new("POST", $"{Group}/role-assignments/revoke", "closeApp", Groups, "Revoke a group’s access to an app", "RoleBody",
            [(204, null)], 404),

        new("GET", $"{V1}/authentication-policies", "listPolicies", Policies, "List authentication policies", null, [(200, "Policies")],
            404) { Query = Paging },
        new("POST", $"{V1}/authentication-policies", "createPolicy", Policies, "Create an authentication policy", "PolicyBody",
            [(201, "Policy")], 404, 409),
        new("GET", Policy, "readPolicy", Policies, "Read an authentication policy", null, [(200, "Policy")], 404),
        new("PUT", Policy, "changePolicy", Policies, "Change an authentication policy", "PolicyBody", [(200, "Policy")], 404, 409),
        new("DELETE", Policy, "deletePolicy", Policies, "Delete an authentication policy", null, [(204, null)], 404, 409),
        new("GET", $"{Policy}/members", "listPolicyMembers", Policies, "List the members of a policy", null, [(200, "ManagedAccounts")],
            404) { Query = Paging },
        new("POST", $"{Control}/{{policyId}}/add-users", "addUsersToPolicy", Policies,
            "Move accounts to a policy by email address, as a job", "UsersBody", [(202, "PolicyTask")], 404, 409),
        new("GET", $"{Control}/task/{{taskId}}", "readPolicyTask", Policies, "Read the progress of a policy task", null,
            [(200, "PolicyTaskStatus")], 404),
        new("POST", $"{Policy}/members", "moveToPolicy", Policies, "Move accounts to a policy", "AccountsBody", [(200, "Moved")], 404),

        new("GET", $"{V1}/jobs", "listJobs", Jobs, "List the jobs, newest first", null, [(200, "Jobs")], 404)
        {
            Query = Paging,
        },
        new("GET", Job, "readJob", Jobs, "Read the progress of a job", null, [(200, "Job")], 404),
        new("GET", $"{Job}/results", "readJobResults", Jobs, "Download the result for each account", null, [(200, null)], 404)
        {
            Csv = true,
        },
        new("POST", $"{Job}/cancel", "cancelJob", Jobs, "Cancel a job", null, [(200, "Job")], 404, 409),
        new("POST", $"{Job}/resume", "resumeJob", Jobs,
            "Resume a cancelled or failed job; the key also needs the scope that begins such a job", null, [(200, "Job")], 404, 409),

        new("GET", $"{V1}/events", "listEvents", Audit, "Read the audit log, newest first", null, [(200, "Events")], 404)
        {
            Query = EventFilters,
        },
        new("GET", $"{V2}/events", "listEventsV2", Audit, "Read the audit log, newest first, under version 2", null, [(200, "Events")], 404)
        {
            Query = EventFilters,
        },
        new("GET", $"{V2}/events/{{eventId}}", "readEventV2", Audit, "Read one event, under version 2", null, [(200, "Event")], 404),
        new("GET", $"{V1}/events/{{eventId}}", "readEvent", Audit, "Read one event", null, [(200, "Event")], 404),
        new("GET", $"{V1}/events-stream", "streamEvents", Audit, "Read the audit log as it grows, oldest first, each event once", null,
            [(200, "EventStream")], 404) { Query = [.. Paging, .. Times], CursorsLast = true },
        new("GET", $"{V1}/event-actions", "listEventActions", Audit, "List the actions in the audit log", null,
            [(200, "EventActions")], 404),

        new("POST", $"{V1}/exports", "beginExport", Exports, "Start an export of accounts", "ExportBody", [(202, "Job")], 404,
            409) { BodyOptional = true },
        new("GET", Export, "readExport", Exports, "Read the state of an export", null, [(200, "Export")], 404),
        new("GET", $"{Export}/file", "readExportFile", Exports, "Download an export", null, [(200, null)], 404) { Csv = true },

        new("GET", $"{Access}/api-tokens", "listApiTokens", Users, "List the API tokens of all managed accounts", null,
            [(200, "ApiTokens")], 404)
        {
            Query = [.. PagingOfAccess, .. TokenFilters, new("sort", "Order; - for newest first") { Among = ApiAccess.Orders }],
        },
        new("GET", $"{Access}/api-tokens/count", "countApiTokens", Users, "Count the API tokens of all managed accounts", null,
            [(200, "Number")], 404) { Query = TokenFilters },
        new("DELETE", $"{Access}/api-tokens", "revokeAllApiTokens", Users, "Revoke the API tokens of all managed accounts by a job", null,
            [(202, "Job"), (204, null)], 404),
        new("GET", $"{Access}/api-keys", "listApiKeys", Keys, "List the API keys", null, [(200, "ApiKeys")], 404)
        {
            Query = [.. PagingOfAccess, .. KeyFilters],
        },
        new("GET", $"{Access}/api-keys/count", "countApiKeys", Keys, "Count the API keys", null, [(200, "Number")], 404)
        {
            Query = KeyFilters,
        },
        new("DELETE", $"{Access}/api-keys/{{apiKeyId}}", "revokeApiKey", Keys, "Revoke an API key", null, [(204, null)], 404),
        new("GET", $"{Links}/user/{{accountId}}/get-scim-links", "readScimLinks", Users,
            "See which directory’s person an account is", null, [(200, "ScimLinks")], 404),
        new("POST", $"{Links}/get-scim-links-for-email", "findScimLinks", Users, "See which directory’s person has an address",
            "EmailBody", [(200, "ScimLinks")], 404),
        new("PATCH", $"{Links}/scimDirectoryId/{{scimDirectoryId}}/scimUserId/{{scimUserId}}/unlink", "unlinkScimUser", Users,
            "Unlink a directory’s person from the account", null, [(204, null)], 404),
        new("DELETE", $"{Links}/user/{{accountId}}/onlyDeleteUserInDB", "deleteProvisioningRecord", Users,
            "Unlink an account from its directory", null, [(204, null)], 404),

        .. LeftOutOperations.All,
    ];
}
