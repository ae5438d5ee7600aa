namespace DirectoryPlatform.Web.Api.Management;

/// <summary><c>GET /users/{accountId}/manage</c>: what the key may do with the account, and why not, before it is tried.</summary>
static class Privileges
{
    /// <summary>As they are called there.</summary>
    public static readonly string[] Names = ["profile", "profile.write", "profile.read", "email.set", "lifecycle.enablement",
        "lifecycle.delete", "apiToken.read", "apiToken.delete"];

    public static void MapPrivileges(this IEndpointRouteBuilder app) =>
        app.MapGet("/users/{accountId:guid}/manage", Read).Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);

    static async Task<ApiResult> Read(ApiCall call, Guid accountId)
    {
        var profile = await call.Send(new ReadProfile(new(accountId), call.Organization, call.Admin));
        if (!profile.Granted) return profile.Refusal;
        var all = All(profile.Value, await call.Send(new OfferedActions(new(accountId), call.Organization, call.Admin)));
        return ApiResult.Plain(call.Asked.All("privileges") is { } asked ? all.Where(p => asked.Contains(p.Key)).ToDictionary() : all);
    }

    static Dictionary<string, object> All(ProfileView profile, IReadOnlyList<OfferedAction> actions)
    {
        var fields = ProfileRoutes.Fields.ToDictionary(f => f.Name, f => Rule.Of(profile[f.Detail].Refusal));
        return new()
        {
            ["profile"] = fields,
            ["profile.write"] = fields,
            ["profile.read"] = Rule.Of(null),
            ["email.set"] = Rule.Of(profile.EmailRefusal),
            ["lifecycle.enablement"] = Either(actions, AccountAction.Deactivate, AccountAction.Reactivate),
            ["lifecycle.delete"] = Either(actions, AccountAction.Delete, AccountAction.CancelDeletion),
            ["apiToken.read"] = Rule.Of(null),
            ["apiToken.delete"] = Rule.Of(null),
        };
    }

    /// <summary>One privilege for a deed and its undoing: allowed when either is; otherwise the deed's reason.</summary>
    static Rule Either(IReadOnlyList<OfferedAction> actions, AccountAction deed, AccountAction undoing)
    {
        Refusal? Why(AccountAction action) => actions.FirstOrDefault(a => a.Action == action) is { } offered
            ? offered.Refusal
            : new NotManagedHere();
        return Rule.Of(Why(undoing) is null ? null : Why(deed));
    }
}
