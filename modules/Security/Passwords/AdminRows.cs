using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Passwords;

/// <summary>Whom a reset reaches is decided where the admin role stands, on the account's own row, held until the reset is written (SPEC S13).</summary>
static class AdminRows
{
    /// <param name="asker">As in <see cref="AdminReach"/>.</param>
    /// <returns>By account, why it is not reached; those that are reached are left out.</returns>
    public static async Task<IReadOnlyDictionary<Guid, Refusal>> Refused(NpgsqlConnection connection, IReadOnlyList<AccountView> accounts, IReadOnlyList<OrganizationId>? asker, CancellationToken ct)
    {
        var rows = await connection.QueryAsync<(Guid Id, Guid[] AdminOf)>(new(
            "select id, coalesce(admin_of, '{}') from accounts.v_account where id = any(@ids) order by id for share", new { ids = accounts.Select(a => a.Id.Value).ToArray() }, cancellationToken: ct));
        var refused = new Dictionary<Guid, Refusal>();
        foreach (var (id, adminOf) in rows)
            if (AdminReach.Refused([.. adminOf.Select(o => new OrganizationId(o))], asker) is { } refusal) refused[id] = refusal;
        return refused;
    }
}

/// <summary>Tells the other admins when a person has reset how one of them proves itself (SPEC S13); the one who did it, too, who may not have been at the keyboard.</summary>
sealed class TellAdmins(IMediator mediator, PublicAddress address)
{
    /// <param name="what">"password", "two-step verification".</param>
    /// <returns>Nothing where no target is an admin.</returns>
    public async Task<IReadOnlyList<(Guid Admin, Mail Mail)>> Letters(IReadOnlyList<AccountView> targets, string what, Origin origin, DateTimeOffset at, CancellationToken ct)
    {
        var letters = new List<(Guid, Mail)>();
        if (targets.All(t => t.AdminOf.Count == 0)) return letters;
        var by = origin.Actor is { } actor && await mediator.Send(new ReadAccount(new(actor)), ct) is { Granted: true, Value: var asker } ? asker.Name : "An admin";
        foreach (var target in targets)
            foreach (var organization in target.AdminOf)
                foreach (var admin in await mediator.Send(new ReadAccounts(await mediator.Send(new WhoAdministers(organization), ct)), ct))
                    if (admin.Id != target.Id && admin.Email.Length > 0)
                        letters.Add((target.Id.Value, new(admin.Email, new AdminCredentialResetLetter(admin.Name, target.Name, by, what, address.Link($"/o/{organization}/admins")), organization.Value,
                            StableId.Of(target.Id, what, organization, admin.Id, at))));
        return letters;
    }
}
