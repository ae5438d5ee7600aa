using System.Collections.Concurrent;
using System.Reflection;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Turns;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Webhooks;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Stands around every command of every test: one that is granted has left exactly one entry of each kind about each thing, written under
/// the request's own id, by its actor and its means (SPEC L1). What no test ever granted is a fault at the end of a whole run.
/// </summary>
sealed class AuditWatch<TRequest, TResponse>(NpgsqlDataSource database) : IPipelineBehavior<TRequest, TResponse> where TRequest : notnull
{
    static readonly PropertyInfo? OriginOf = typeof(TRequest).GetProperty("Origin") is { } property
        && property.PropertyType == typeof(Origin) ? property : null;

    public async Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        if (OriginOf?.GetValue(request) is not Origin { RequestId: { } id } origin) return await next();
        // Entries are looked for from here on: what an earlier command of the same HTTP request left is its own.
        var since = await Ask(c => c.ExecuteScalarAsync<string>("select pg_snapshot_xmin(pg_current_snapshot())::text"));
        var known = (await Read()).Select(e => e.Id).ToHashSet();
        var response = await next();
        if (AuditWatch.IsGranted(response))
        {
            var entries = (await Read()).Where(e => !known.Contains(e.Id)).ToList();
            // The same command once more is answered as before, and leaves nothing.
            var repeated = entries.Count == 0
                && await Ask(c =>
                    c.ExecuteScalarAsync<bool>("select exists (select from kernel.audit_entry where request_id = @id)", new { id }));
            AuditWatch.Look(typeof(TRequest), origin, repeated, [.. entries.Select(e => (e.Action, e.Subject, e.What, e.Actor, e.Means))]);
        }
        return response;

        async Task<List<(Guid Id, string Action, Guid Subject, string What, Guid? Actor, string Means)>> Read() =>
            [.. await Ask(c =>
                c.QueryAsync<(Guid, string, Guid, string, Guid?, string)>(
                    "select id, action, subject_id, concat_ws(' ', fact, before, after, personal), actor_id, means from kernel.audit_entry "
                    + "where xid >= @since::xid8 and request_id = @id", new { since, id }))];

        // No connection is kept while the command works: many at once need them all.
        async Task<T> Ask<T>(Func<NpgsqlConnection, Task<T>> ask)
        {
            await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
            return await ask(connection);
        }
    }
}

static class AuditWatch
{
    /// <summary>Granted without an entry, and why that is right.</summary>
    static readonly Dictionary<string, string> Silent = new()
    {
        [nameof(BeginClaim)] = Draft,
        [nameof(PrepareBulk)] = Draft,
        [nameof(PrepareBulkByList)] = Draft,
        [nameof(PrepareUndo)] = Draft,
        [nameof(DraftInvitations)] = Draft,
        [nameof(DraftChange)] = Draft,
        [nameof(DraftInvitees)] = Draft,
        [nameof(DraftChangeByList)] = Draft,
        [nameof(PrepareUserChange)] = Draft,
        [nameof(PrepareInvitees)] = Draft,
        [nameof(TakeInvitation)] = "only holds the invitation for a minute; whoever joins by it leaves entries",
        [nameof(ConfirmBulk)] = Clicked,
        [nameof(RenameOrganization)] = Unchanged,
        [nameof(ChooseExperience)] = Unchanged,
        [nameof(AllowSiteGroups)] = Unchanged,
        [nameof(ChangeOrganizationWording)] = Unchanged,
        [nameof(LogOutEverywhere)] = Unchanged,
        [nameof(GiveRoles)] = Unchanged,
        [nameof(GiveGroupAccess)] = Unchanged,
        [nameof(GiveRolesOnSites)] = Unchanged,
        [nameof(MoveToPolicy)] = Unchanged,
        [nameof(PauseWebhook)] = Unchanged,
        [nameof(PatchScimGroup)] = Unchanged,
        [nameof(ReplaceScimGroup)] = Unchanged,
        [nameof(LeaveProvidedGroups)] = Unchanged,
        [nameof(VoidCredentials)] = Unchanged,
        [nameof(DeleteScimUser)] = "whoever it was is deactivated and given back already",
        [nameof(CreateScimUser)] = "whoever it is was made by a request that was broken off before its row was written",
        [nameof(ProveItIsYou)] = "the session alone knows of it",
        [nameof(SignUp)] = "an address in use is answered like a free one",
        [nameof(RequestPasswordReset)] = "nobody is answered like somebody",
        [nameof(ChangeProvidedGroup)] = Unchanged,
        [nameof(ReplaceScimUser)] = Unchanged,
        [nameof(PatchScimUser)] = Unchanged,
        [nameof(CarryOutBulk)] = Unchanged,
        [nameof(RefreshSession)] = GoesOn,
        [nameof(RenewSession)] = GoesOn,
        [nameof(UseSession)] = GoesOn,
        [nameof(UseToken)] = GoesOn,
        [nameof(ProveSession)] = "the session alone knows of it",
        [nameof(UndoSession)] = "nobody has had it",
        [nameof(FindProvider)] = "only looks",
        [nameof(ReadDeviceRequest)] = "only looks",
        [nameof(AskForDeviceCode)] = "nobody is known yet; the admin's answer leaves the entry",
        [nameof(GiveCodeAfterProvider)] = "of a proof the session alone knows",
        [nameof(FinishProviderSignIn)] = "a test of settings that have changed meanwhile brings nothing into force",
    };

    const string Draft = "a draft changes nothing until it is confirmed", Unchanged = "it may be so already",
    GoesOn = "a session or a token that goes on is no deed", Clicked = "another click was faster, and its job is this one's";

    static readonly ConcurrentDictionary<Type, bool> Seen = new();

    public static ConcurrentBag<string> Faults { get; } = [];

    public static bool IsGranted<T>(T response) => response switch
    {
        null => false,
        // Nobody who was named could be moved, and the answer says why.
        Outcome<MovedToPolicy> { Granted: true, Value.Accounts: 0 } => false,
        Outcome<Invited> { Granted: true } invited when invited.Value.Each.All(a => !a.Outcome.Granted) => false,
        System.Collections.IEnumerable many and not string => many.Cast<object>().Any(one => RefusalOf(one) is null),
        _ => RefusalOf(response) is null,
    };

    static object? RefusalOf(object outcome) => outcome.GetType() is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() == typeof(Outcome<>) ? type.GetProperty("Refusal")!.GetValue(outcome) : null;

    public static void Look(Type command, Origin origin, bool repeated,
        IReadOnlyList<(string Action, Guid Subject, string What, Guid? Actor, string Means)> entries)
    {
        Seen[command] = true;
        string? fault = null;
        if (entries.Count == 0 && !repeated && !Silent.ContainsKey(command.Name))
            fault = $"{command.Name} was granted and left no entry in the audit log";
        if (entries.GroupBy(e => (e.Action, e.Subject, e.What)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            fault = $"{command.Name} left {twice.Key.Action} {twice.Count()} times for one thing: {twice.Key.What}";
        if (entries.FirstOrDefault(e => e.Means.Length == 0 || (origin.Actor is not null && e.Actor != origin.Actor)) is
            {
                Action: not null
            } odd) fault = $"{command.Name} left {odd.Action} by {odd.Actor} with {odd.Means}, and {origin.Actor} asked";
        if (fault is null) return;
        // Over HTTP a test sees no more than that something broke.
        Faults.Add(fault);
        throw new InvalidOperationException(fault);
    }

    /// <summary>Commands that no test has seen granted so far.</summary>
    public static IEnumerable<string> Unseen() => Commands().Where(c => !Seen.ContainsKey(c)).Select(c => c.Name).Order();

    /// <summary>Of all modules: what carries who asked for it.</summary>
    public static IEnumerable<Type> Commands() => typeof(Modules).Assembly.GetReferencedAssemblies()
        .Where(a => a.Name!.StartsWith("DirectoryPlatform.", StringComparison.Ordinal)).Select(Assembly.Load).SelectMany(a => a.GetTypes())
        .Where(t => t is { IsAbstract: false } && t.GetProperty("Origin")?.PropertyType == typeof(Origin) && t.GetInterfaces()
            .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)));
}
