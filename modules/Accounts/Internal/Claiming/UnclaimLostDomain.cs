namespace DirectoryPlatform.Accounts.Internal.Claiming;

/// <param name="Domain">A-label form.</param>
sealed record LostDomain(string Domain);

/// <summary>Gives all accounts of a domain back that the organization lost (D12); they go on no exclusion list.</summary>
sealed class UnclaimLostDomain(IMediator mediator) : IBulkJob
{
    public const string JobKind = "unclaim";

    public string Kind => JobKind;

    public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
    {
        var (domain, by) = (KernelJson.Read<LostDomain>(slice.Arguments).Domain, new OrganizationId(slice.Organization));
        await DomainLock.WaitForClaims(connection, domain, ct);
        if ((await mediator.Send(new WhoOwnsDomain(domain), ct))?.Organization == by)
            return new([], [], null, [], $"{domain} is verified by your organization again. Its accounts stay claimed.");
        var accounts = await AccountChunk.Read(connection, AccountSource.OnDomain(domain), slice, ct);
        var (unclaimed, facts) = (new List<GrainChange<Account>>(accounts.Count), new List<AccountFact>(accounts.Count));
        var codes = new string[accounts.Count];
        for (var i = 0; i < accounts.Count; i++)
        {
            var outcome = accounts[i].Unclaim(by, exclude: false, slice.Now);
            codes[i] = outcome.Granted ? "unclaimed" : outcome.Refusal.Code;
            if (!outcome.Granted) continue;
            unclaimed.Add(new(accounts[i], Account.After(accounts[i], outcome.Value)));
            facts.Add(outcome.Value);
        }
        return AccountChunk.Result(slice, accounts, codes, unclaimed.Count == 0 ? [] :
        [
            AccountStates.Save(unclaimed),
            AccountChunk.Audit(unclaimed, nameof(AccountUnclaimed), slice),
            AccountChunk.Tell(facts, slice, notify: false),
        ]);
    }
}

/// <summary>Keeps claiming and the unclaiming after a lost domain apart, on all nodes.</summary>
static class DomainLock
{
    /// <summary>Taken by a claiming transaction before it asks who owns the domain.</summary>
    public static Task Shared(NpgsqlConnection connection, string domain, CancellationToken ct) =>
        Take(connection, "pg_advisory_xact_lock_shared", domain, ct);

    /// <summary>Returns when no claiming that began before is still going on; later ones see that the domain is lost.</summary>
    public static Task WaitForClaims(NpgsqlConnection connection, string domain, CancellationToken ct) =>
        Take(connection, "pg_advisory_xact_lock", domain, ct);

    static async Task Take(NpgsqlConnection connection, string function, string domain, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select {function}(hashtextextended('domain:' || $1, 0))",
            connection)
        { Parameters = { new() { Value = domain } } };
        await command.ExecuteNonQueryAsync(ct);
    }
}
