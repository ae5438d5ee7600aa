namespace DirectoryPlatform.Security.Internal.Policies;

/// <summary>What this room knows of an account that a list may be filtered by (SPEC M1):
/// its policy, whether that is billable, two-step verification, and how safe the sign-in is.</summary>
sealed class FilterByCredentials(IMediator mediator) : IFilterAccounts
{
    public async Task<string?> Condition(OrganizationId organization, ManagedAccountFilter filter, Func<object, string> value,
        CancellationToken ct)
    {
        var all = new List<string>();
        if (filter.TwoStep is { } on) all.Add($"{(on ? "" : "not ")}exists (select from security.v_two_step t where t.account_id = a.id)");
        if (filter.Policy is not null || filter.Billable is not null || filter.SecureLogin is not null)
        {
            var assignment = await mediator.Send(new ReadPolicyAssignment(organization), ct);
            if (filter.SecureLogin is { } login) all.Add(assignment.Has(login, value));
            if (filter.Policy is { } policy) all.Add(assignment.Among([new(policy)], value));
            // Whoever cannot act costs nothing, whatever the policy's type (SPEC A17);
            // unverified people are in no bill at all, on neither side (C4).
            if (filter.Billable is { } billable)
            {
                var among = assignment.Among([.. assignment.Policies.Where(p => p.Settings.Billable == billable).Select(p => p.Id)], value);
                all.Add(billable ? $"(a.state = 1 and {among})" : $"(a.state <> 0 and (a.state <> 1 or {among}))");
            }
        }
        return all.Count == 0 ? null : string.Join(" and ", all);
    }
}
