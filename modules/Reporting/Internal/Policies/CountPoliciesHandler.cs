namespace DirectoryPlatform.Reporting.Internal.Policies;

/// <summary>Every account is looked at where there are rules.</summary>
sealed class RecentPolicyCounts(TimeProvider clock)
    : HeldAnswers<OrganizationId, IReadOnlyDictionary<PolicyId, long>>(clock, TimeSpan.FromSeconds(5));

sealed class CountPoliciesHandler(NpgsqlDataSource database, IMediator mediator, RecentPolicyCounts recent)
    : IRequestHandler<CountPolicies, IReadOnlyDictionary<PolicyId, long>>
{
    public Task<IReadOnlyDictionary<PolicyId, long>> Handle(CountPolicies query, CancellationToken ct) =>
        recent.Ask(query.Organization, _ => Count(query.Organization));

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
