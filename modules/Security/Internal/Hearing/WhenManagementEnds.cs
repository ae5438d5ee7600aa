namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>Unclaimed people leave the organization's policies (SPEC C7). Since the unclaiming itself the rows count for nothing; this
/// clears them away.</summary>
sealed class WhenManagementEnds(IMediator mediator, PolicyStore policies)
    : IHearsMany<AccountUnclaimed>
{
    /// <summary>A fact may be heard late: whoever has been claimed again meanwhile stays where an admin has put them since, and leaves what
    /// was from before.</summary>
    public async Task Hear(IReadOnlyList<AccountUnclaimed> facts, CancellationToken ct)
    {
        foreach (var left in facts.GroupBy(fact => fact.By))
        {
            var accounts = left.SelectMany(fact => fact.Accounts).ToList();
            var back = (await mediator.Send(new WhichAreManaged(left.Key, accounts), ct)).ToHashSet();
            await policies.Leave(left.Key, [.. accounts.Where(account => !back.Contains(account))], null, ct);
            foreach (var fact in left.Where(fact => fact.Accounts.Any(back.Contains)))
                await policies.Leave(left.Key, [.. fact.Accounts.Where(back.Contains)], fact.At, ct);
        }
    }
}
