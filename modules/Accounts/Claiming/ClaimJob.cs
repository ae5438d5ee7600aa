using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Claiming;

/// <param name="Domain">A-label form.</param>
/// <param name="Draft">The list of accounts from an uploaded file; null for all accounts on the domain.</param>
/// <param name="Chosen">Of an unclaiming: an admin chose it, so the accounts go on the exclusion list;
/// false when the domain was lost.</param>
/// <param name="Notify">Whether the people are told by mail.</param>
sealed record ClaimArguments(string Domain, ClaimDraftId? Draft, bool Chosen = false, bool Notify = false);

/// <summary>Claims in bulk (SPEC C2–C5): the same <see cref="Account.Claim"/> as for one, thousands at a time.</summary>
sealed class ClaimJob(IMediator mediator) : IBulkJob
{
    public const string JobKind = "claim";

    public string Kind => JobKind;

    public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
    {
        var (domain, draft, _, notify) = KernelJson.Read<ClaimArguments>(slice.Arguments);
        var by = new OrganizationId(slice.Organization);
        // Held to the chunk's end: an unclaiming that follows the loss of the domain waits for it, see UnclaimJob.
        await DomainLock.Shared(connection, domain, ct);
        if ((await mediator.Send(new WhoOwnsDomain(domain), ct))?.Organization != by)
            return new([], [], null, [], $"{domain} is not verified by your organization any more. Verify it again, then resume.");
        var accounts = await AccountChunk.Read(connection, AccountSource.Of(domain, draft), slice, ct);
        var (claimed, facts) = (new List<GrainChange<Account>>(accounts.Count), new List<AccountFact>(accounts.Count));
        var codes = new string[accounts.Count];
        for (var i = 0; i < accounts.Count; i++)
        {
            var outcome = accounts[i].Claim(by, domain, evenIfExcluded: draft is not null, slice.Now, unnamed: draft is null);
            codes[i] = outcome.Granted ? "claimed" : outcome.Refusal.Code;
            if (!outcome.Granted) continue;
            claimed.Add(new(accounts[i], Account.After(accounts[i], outcome.Value)));
            facts.Add(outcome.Value);
        }
        return AccountChunk.Result(slice, accounts, codes, claimed.Count == 0 ? [] :
        [
            AccountStates.Save(claimed),
            AccountChunk.Audit(claimed, nameof(AccountClaimed), slice),
            AccountChunk.Tell(facts, slice, notify),
        ]);
    }
}
