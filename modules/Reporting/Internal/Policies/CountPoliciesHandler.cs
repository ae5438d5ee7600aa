namespace DirectoryPlatform.Reporting.Internal.Policies;

/// <summary>Every account is looked at where there are rules.</summary>
sealed class RecentPolicyCounts(TimeProvider clock)
    : HeldAnswers<OrganizationId, IReadOnlyDictionary<PolicyId, long>>(clock, TimeSpan.FromSeconds(30));

sealed class CountPoliciesHandler(NpgsqlDataSource database, IMediator mediator, RecentPolicyCounts recent)
    : IRequestHandler<CountPolicies, IReadOnlyDictionary<PolicyId, long>?>
{
    /// <summary>Longer than this no page waits: what is counted meanwhile is for the next one.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyDictionary<PolicyId, long>?> Handle(CountPolicies query, CancellationToken ct)
    {
        try { return await recent.Ask(query.Organization, _ => Count(query.Organization)).WaitAsync(Patience, ct); }
        catch (Exception late) when (late is TimeoutException or NpgsqlException { InnerException: TimeoutException }) { return null; }
    }

    /// <summary>Not cancelled with whoever asked first: others may wait for it.</summary>
    async Task<IReadOnlyDictionary<PolicyId, long>> Count(OrganizationId organization)
    {
        var assignment = await mediator.Send(new ReadPolicyAssignment(organization));
        await using var command = database.CreateCommand();
        string Value(object value) => command.Parameters.Place(value);
        command.CommandText = $"""
            select policy, count(*) from (
              select {assignment.Sql(Value)} as policy from accounts.v_listed a where a.managed_by = {Value(organization.Value)}) p
            where policy is not null group by policy
            """;
        var counts = new Dictionary<PolicyId, long>();
        await using var counted = await command.ExecuteReaderAsync();
        while (await counted.ReadAsync()) counts[new(counted.GetGuid(0))] = counted.GetInt64(1);
        return counts;
    }
}
