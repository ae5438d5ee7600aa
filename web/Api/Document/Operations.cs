namespace DirectoryPlatform.Web.Api.Document;

/// <summary>One line for each route that API keys open; a test holds the table against the routes.</summary>
static class Operations
{
    const string Users = "Managed accounts", Orgs = "Organization", Domains = "Domains", People = "Users", Groups = "Groups",
    Policies = "Authentication policies", Jobs = "Jobs", Exports = "Exports", Audit = "Audit log";
    const string Manage = "/users/{accountId}/manage", V1 = "/admin/v1/orgs/{orgId}", V2 = "/admin/v2/orgs/{orgId}",
    Domain = $"{V1}/domains/{{domainId}}", Job = $"{V1}/jobs/{{jobId}}",
        Directory = $"{V2}/directories/{{directoryId}}", Group = $"{Directory}/groups/{{groupId}}",
        Policy = $"{V1}/authentication-policies/{{policyId}}", Export = $"{V1}/exports/{{jobId}}";

    static readonly (string, string)[] Paging = [("cursor", "Where the page starts: from the links of another page"),
        ("limit", "Page size, up to 1,000; the default is 100")];

    static readonly (string, string)[] Times = [("from", "Not before: milliseconds since 1970, or ISO 8601"),
        ("to", "Only before: milliseconds since 1970, or ISO 8601")];

    public static readonly IReadOnlyList<Operation> All =
    [
        new("GET", Manage, "readPrivileges", Users, "List permitted actions for an account", null, [(200, "Privileges")],
            404) { Query = [("privileges", "Only these, separated by commas")] },
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

        new("GET", "/admin/v1/orgs", "listOrganizations", Orgs, "List the organization of the key", null, [(200, "Organizations")]),
        new("GET", V1, "readOrganization", Orgs, "Read the organization", null, [(200, "Organization")], 404),
        new("GET", $"{V2}/directories", "listDirectories", Orgs, "List the directories", null, [(200, "Directories")], 404),
        new("GET", $"{V1}/users", "listManagedAccounts", Users, "List managed accounts", null, [(200, "ManagedAccounts")], 404)
        {
            Query = [.. Paging, ("searchTerm", "Part of a name or an email address"), ("status", "active or inactive"),
                ("emailDomain", "Only on this domain")],
        },

        new("GET", $"{V1}/domains", "listDomains", Domains, "List the domains", null, [(200, "Domains")], 404),
        new("POST", $"{V1}/domains", "addDomain", Domains, "Add a domain and get its token", "NameBody", [(201, "Domain")], 404, 409),
        new("GET", Domain, "readDomain", Domains, "Read a domain", null, [(200, "Domain")], 404),
        new("DELETE", Domain, "removeDomain", Domains, "Remove a domain; its accounts are unclaimed", null, [(204, null)], 404),
        new("POST", $"{Domain}/verify", "verifyDomain", Domains, "Check for the verification token now", "VerifyBody", [(200, "Domain")],
            404) { BodyOptional = true },
        new("PUT", $"{Domain}/claim-setting", "chooseClaiming", Domains, "Choose whether new accounts are claimed at once", "ClaimSetting",
            [(200, "Domain")], 404),
        new("POST", $"{Domain}/claim", "claimAccounts", Domains, "Claim accounts by a job", "ClaimBody", [(202, "Job")], 404,
            409) { BodyOptional = true },
        new("POST", $"{Domain}/claim/preview", "previewClaim", Domains, "See what claiming would do", "ClaimBody", [(200, "Preview")], 404,
            409) { BodyOptional = true },
        new("POST", $"{Domain}/unclaim", "unclaimAccounts", Domains, "Unclaim accounts by a job", "ClaimBody", [(202, "Job")], 404,
            409) { BodyOptional = true },
        new("POST", $"{Domain}/unclaim/preview", "previewUnclaim", Domains, "See what unclaiming would do", "ClaimBody", [(200, "Preview")],
            404, 409) { BodyOptional = true },
        new("GET", $"{Domain}/exclusions", "listExclusions", Domains, "List accounts that are not claimed automatically", null,
            [(200, "Exclusions")], 404, 409) { Query = [Paging[0]] },
        new("POST", $"{Domain}/exclusions", "excludeAccount", Domains, "Add an account to the exclusion list", "EmailBody", [(204, null)],
            404, 409),
        new("DELETE", $"{Domain}/exclusions/{{accountId}}", "readmitAccount", Domains, "Remove an account from the exclusion list", null,
            [(204, null)], 404),

        new("GET", $"{Directory}/users", "listUsers", People, "List users", null, [(200, "Users")], 404)
        {
            Query =
            [
                .. Paging, ("searchTerm", "Part of a name or an email address"), ("status", "active, invited or suspended"),
                ("claimStatus", "managed or unmanaged"), ("groupIds", "Members of this group"),
                ("accountIds", "Only these, separated by commas"),
            ],
        },
        new("POST", $"{Directory}/users/search", "searchUsers", People, "Find users by address, ID or text", "UserSearch", [(200, "Users")],
            404) { BodyOptional = true },
        new("GET", $"{Directory}/users/count", "countUsers", People, "Count users", null, [(200, "Count")], 404),
        new("GET", $"{Directory}/users/stats", "readUserStats", People, "Count users by status, and administrators", null,
            [(200, "UserStats")], 404),
        new("GET", $"{Directory}/users/{{accountId}}", "readUser", People, "Read a user", null, [(200, "User")], 404),
        new("GET", $"{Directory}/users/{{accountId}}/role-assignments", "listUserRoles", People, "List a user’s app access", null,
            [(200, "RoleAssignments")], 404),
        new("POST", $"{Directory}/users/{{accountId}}/suspend", "suspendUser", People, "Suspend a user", null, [(204, null)], 404),
        new("POST", $"{Directory}/users/{{accountId}}/restore", "restoreUser", People, "Restore a suspended user", null, [(204, null)],
            404),
        new("DELETE", $"{Directory}/users/{{accountId}}", "removeUser", People, "Remove a user from the sites", null, [(204, null)], 404),
        new("GET", $"{V1}/directory/users/{{accountId}}/last-active-dates", "readLastActiveDates", People,
            "See when a user was last active", null, [(200, "LastActiveDates")], 404),
        new("POST", $"{V2}/users/invite", "inviteUsers", People, "Invite people to sites", "Invitation",
            [(200, "InvitationResults"), (206, "InvitationResults")], 404),
        new("POST", $"{V1}/users/{{accountId}}/roles/assign", "assignRole", People, "Assign a user a role in an app", "RoleBody",
            [(204, null)], 404),
        new("POST", $"{V1}/users/{{accountId}}/roles/revoke", "revokeRole", People, "Remove a role from a user", "RoleBody", [(204, null)],
            404),

        new("GET", $"{Directory}/groups", "listGroups", Groups, "List groups", null, [(200, "Groups")],
            404) { Query = [.. Paging, ("searchTerm", "Part of a name")] },
        new("POST", $"{Directory}/groups", "createGroup", Groups, "Create a group", "GroupBody", [(201, "Group")], 404, 409),
        new("GET", Group, "readGroup", Groups, "Read a group and its app access", null, [(200, "Group")], 404),
        new("DELETE", Group, "deleteGroup", Groups, "Delete a group", null, [(204, null)], 404),
        new("POST", $"{Group}/memberships", "addMember", Groups, "Add a user to a group", "AccountBody", [(204, null)], 404),
        new("DELETE", $"{Group}/memberships/{{accountId}}", "removeMember", Groups, "Remove a user from a group", null, [(204, null)], 404),
        new("POST", $"{Group}/role-assignments/assign", "openApp", Groups, "Give a group access to an app", "RoleBody", [(204, null)], 404),
        new("POST", $"{Group}/role-assignments/revoke", "closeApp", Groups, "Revoke a group’s access to an app", "RoleBody",
            [(204, null)], 404),

        new("GET", $"{V1}/authentication-policies", "listPolicies", Policies, "List authentication policies", null, [(200, "Policies")],
            404),
        new("POST", $"{V1}/authentication-policies", "createPolicy", Policies, "Create an authentication policy", "PolicyBody",
            [(201, "Policy")], 404, 409),
        new("GET", Policy, "readPolicy", Policies, "Read an authentication policy", null, [(200, "Policy")], 404),
        new("PUT", Policy, "changePolicy", Policies, "Change an authentication policy", "PolicyBody", [(200, "Policy")], 404, 409),
        new("DELETE", Policy, "deletePolicy", Policies, "Delete an authentication policy", null, [(204, null)], 404, 409),
        new("GET", $"{Policy}/members", "listPolicyMembers", Policies, "List the members of a policy", null, [(200, "ManagedAccounts")],
            404) { Query = Paging },
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
        new("POST", $"{Job}/resume", "resumeJob", Jobs, "Resume a cancelled or failed job", null, [(200, "Job")], 404, 409),

        new("GET", $"{V1}/events", "listEvents", Audit, "Read the audit log, newest first", null, [(200, "Events")], 404)
        {
            Query = [.. Paging, ("q", "Actor or target, as an ID or an email address; or words of the action"),
                ("action", "Only this action; may be repeated"), ("actor", "Actor, as an ID or an email address"), .. Times],
        },
        new("GET", $"{V1}/events/{{eventId}}", "readEvent", Audit, "Read one event", null, [(200, "Event")], 404),
        new("GET", $"{V1}/events-stream", "streamEvents", Audit, "Read the audit log as it grows, oldest first, each event once", null,
            [(200, "EventStream")], 404) { Query = [.. Paging, .. Times] },
        new("GET", $"{V1}/event-actions", "listEventActions", Audit, "List the actions in the audit log", null,
            [(200, "EventActions")], 404),

        new("POST", $"{V1}/exports", "beginExport", Exports, "Start an export of accounts", "ExportBody", [(202, "Job")], 404,
            409) { BodyOptional = true },
        new("GET", Export, "readExport", Exports, "Read the state of an export", null, [(200, "Export")], 404),
        new("GET", $"{Export}/file", "readExportFile", Exports, "Download an export", null, [(200, null)], 404) { Csv = true },
    ];
}

/// <summary>What the OpenAPI document says of one route (SPEC P3).
/// Path, method, scope and parameters are read from the route itself.</summary>
/// <param name="Name">operationId: stable, clients are generated from it.</param>
/// <param name="Body">Name of a schema; null for none.</param>
/// <param name="Answers">Status and name of the schema of what is granted; no name for no body.</param>
/// <param name="Errors">Statuses of refusals beside 400, 401, 403 and 429, which every route has.</param>
sealed record Operation(string Method, string Path, string Name, string Group, string Summary, string? Body,
    (int Status, string? Schema)[] Answers, params int[] Errors)
{
    /// <summary>Query parameters by name, with what they mean.</summary>
    public IReadOnlyList<(string Name, string Words)> Query { get; init; } = [];

    /// <summary>Whether the body may be left out.</summary>
    public bool BodyOptional { get; init; }

    /// <summary>For files.</summary>
    public bool Csv { get; init; }
}
