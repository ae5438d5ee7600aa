using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.ManagedAccounts;

/// <summary>Pages ask often, and the counts cost much.</summary>
sealed class RecentCounters(TimeProvider clock) : HeldAnswers<OrganizationId, ManagedAccountCounts>(clock, TimeSpan.FromSeconds(5));

/// <summary>The counters, computed over a covering index and held for a moment.</summary>
sealed class ManagedAccountCounters(NpgsqlDataSource database, IMediator mediator, RecentCounters recent)
{
    public Task<ManagedAccountCounts> Of(OrganizationId organization) => recent.Ask(organization, now => Compute(organization, now));

    async Task<ManagedAccountCounts> Compute(OrganizationId organization, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        var counts = (await connection.QueryAsync<(short State, long Accounts)>(
            "select state, count(*) from accounts.v_account where managed_by = @id group by state", new { id = organization.Value }))
                .ToDictionary(r => (AccountState)r.State, r => r.Accounts);
        var secure = await Secure(organization, CancellationToken.None);
        long Of(AccountState state) => counts.GetValueOrDefault(state);
        // Who has not verified the address counts there and nowhere else (SPEC C4).
        return new(counts.Values.Sum() - Of(AccountState.Unverified), Of(AccountState.Active), Of(AccountState.Deactivated),
            Of(AccountState.PendingDeletion), Of(AccountState.Unverified), secure, now);
    }

    /// <summary>Where no policy has single sign-on, which costs nothing to know, only two-step verification counts.</summary>
    async Task<long> Secure(OrganizationId organization, CancellationToken ct)
    {
        var assignment = await mediator.Send(new ReadPolicyAssignment(organization), ct);
        var atProvider = assignment.Policies.Where(p => p.Settings.SingleSignOn).Select(p => p.Id.Value).ToArray();
        await using var command = database.CreateCommand();
        string Value(object value) => command.Parameters.Place(value);
        command.CommandText = atProvider.Length == 0
            ? $"select count(*) from security.v_two_step t join accounts.v_account a on a.id = t.account_id where a.managed_by = "
            + $"{Value(organization.Value)} and a.state <> 0"
            : $"""
              select count(*) from accounts.v_listed a where a.managed_by = {Value(organization.Value)} and a.state <> 0
                and ({assignment.Sql(Value)} = any({Value(atProvider)}) or exists (select from security.v_two_step t
                  where t.account_id = a.id))
              """;
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}

sealed class CountManagedAccountsHandler(ManagedAccountCounters counters) : IRequestHandler<CountManagedAccounts, ManagedAccountCounts>
{
    public Task<ManagedAccountCounts> Handle(CountManagedAccounts query, CancellationToken ct) => counters.Of(query.Organization);
}
