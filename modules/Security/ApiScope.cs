namespace DirectoryPlatform.Security;

/// <summary>What an API key may be used for (SPEC P1): a part of what its admin may do. Whoever may manage may read, too.</summary>
public enum ApiScope
{
    AccountsRead, AccountsManage,
    DomainsRead, DomainsManage,
    UsersRead, UsersManage,
    PoliciesRead, PoliciesManage,
    ProvisioningManage,
    JobsRead, JobsManage,
    AuditRead,
    KeysRead, KeysManage,
    /// <summary>What every key may see: the name of its organization, and where things are.</summary>
    Organization,
}

/// <summary>Scopes as programs and pages call them.</summary>
public static class ApiScopes
{
    /// <summary>Those that are given; <see cref="ApiScope.Organization"/> comes with any of them.</summary>
    public static IReadOnlyList<ApiScope> All { get; } = [.. Enum.GetValues<ApiScope>().Where(s => s is not ApiScope.Organization)];

    /// <summary>"accounts:read"; stable, it stands in the database and in the OpenAPI document.</summary>
    public static string Name(this ApiScope scope) => scope switch
    {
        ApiScope.AccountsRead => "accounts:read",
        ApiScope.AccountsManage => "accounts:manage",
        ApiScope.DomainsRead => "domains:read",
        ApiScope.DomainsManage => "domains:manage",
        ApiScope.UsersRead => "users:read",
        ApiScope.UsersManage => "users:manage",
        ApiScope.PoliciesRead => "policies:read",
        ApiScope.PoliciesManage => "policies:manage",
        ApiScope.ProvisioningManage => "provisioning:manage",
        ApiScope.JobsRead => "jobs:read",
        ApiScope.JobsManage => "jobs:manage",
        ApiScope.AuditRead => "audit:read",
        ApiScope.KeysRead => "keys:read",
        ApiScope.KeysManage => "keys:manage",
        ApiScope.Organization => "organization:read",
    };

    /// <summary>What its holder may do, for the page.</summary>
    public static string Words(this ApiScope scope) => scope switch
    {
        ApiScope.AccountsRead => "See managed accounts, their details and their API tokens; export them",
        ApiScope.AccountsManage => "Change, deactivate, reactivate and delete managed accounts; revoke their API tokens",
        ApiScope.DomainsRead => "See domains, exclusion lists and what claiming would do",
        ApiScope.DomainsManage => "Add, verify and remove domains; claim and unclaim accounts",
        ApiScope.UsersRead => "See users of the sites, their roles and groups",
        ApiScope.UsersManage => "Invite, suspend, restore and remove users; assign and remove roles; change groups",
        ApiScope.PoliciesRead => "See authentication policies and who is in them",
        ApiScope.PoliciesManage => "Change authentication policies and their members",
        ApiScope.ProvisioningManage => "Unlink managed accounts from identity providers",
        ApiScope.JobsRead => "See jobs and their results",
        ApiScope.JobsManage => "Cancel and resume jobs",
        ApiScope.AuditRead => "Read the audit log",
        ApiScope.KeysRead => "See API keys, without their secrets",
        ApiScope.KeysManage => "Revoke API keys",
        ApiScope.Organization => "See the organization’s name",
    };

    /// <returns>Null for what is none.</returns>
    public static ApiScope? Named(string? name) => All.Where(s => s.Name() == name).Select(s => (ApiScope?)s).FirstOrDefault();

    /// <summary>A manage scope covers its read scope.</summary>
    public static bool Cover(this IReadOnlyCollection<ApiScope> held, ApiScope wanted) => held.Contains(wanted) || wanted switch
    {
        ApiScope.Organization => held.Count > 0,
        ApiScope.AccountsRead => held.Contains(ApiScope.AccountsManage),
        ApiScope.DomainsRead => held.Contains(ApiScope.DomainsManage),
        ApiScope.UsersRead => held.Contains(ApiScope.UsersManage),
        ApiScope.PoliciesRead => held.Contains(ApiScope.PoliciesManage),
        ApiScope.JobsRead => held.Contains(ApiScope.JobsManage),
        ApiScope.KeysRead => held.Contains(ApiScope.KeysManage),
        _ => false,
    };
}

/// <summary>The key has not been given this part of what its admin may do.</summary>
public sealed record ScopeMissing(ApiScope Scope) : Refusal("scopeMissing", $"This API key does not have the scope {Scope.Name()}.");
