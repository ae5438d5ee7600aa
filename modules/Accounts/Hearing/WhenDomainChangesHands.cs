using DirectoryPlatform.Accounts.Claiming;
using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts.Hearing;

/// <summary>A lost domain gives its accounts back (SPEC D12). The job's id comes from the domain's, so that hearing this twice starts one job.</summary>
sealed class WhenDomainRemoved(ClaimRanges ranges, JobStore jobs, JobScheduling scheduling) : INotificationHandler<DomainRemoved>
{
    public async Task Handle(DomainRemoved fact, CancellationToken ct)
    {
        if (!fact.WasOwned) return;
        var (total, cut) = await ranges.Of(AccountSource.Of(fact.Name, null), ct);
        if (total == 0) return;
        var id = new JobId(StableId.Of(fact.Domain, "unclaim"));
        await jobs.Insert(new NewJob(
            id, UnclaimJob.JobKind, fact.Organization.Value, $"Unclaim accounts on {fact.Name}", KernelJson.Write(new ClaimArguments(fact.Name, null)), Origin.Schedule, total, cut), ct);
        await scheduling.TryStart(id, ct);
    }
}

/// <summary>Somebody else has shown the token of a domain that is owned: nothing moves, and both sides learn of it (SPEC D10).</summary>
sealed class WhenDomainProofContested(AccountReading accounts, Post post) : INotificationHandler<DomainProofContested>
{
    public async Task Handle(DomainProofContested fact, CancellationToken ct)
    {
        var toOwner = (await accounts.AdminsOf(fact.Owner)).Select(admin => new Mail(admin, $"Another organization has proved {fact.Name}", $"""
            Another organization has shown that it can publish records for {fact.Name}, which your organization has verified.

            Nothing has changed: the domain and its accounts stay with you. If you do not know why this happened, look who can edit the DNS zone and the web site of {fact.Name}.
            """, fact.Owner.Value, StableId.Of(fact.Domain, fact.At, admin, "owner")));
        var toProver = (await accounts.AdminsOf(fact.Organization)).Select(admin => new Mail(admin, $"{fact.Name} is verified by another organization", $"""
            We found your token for {fact.Name}, but another organization has verified this domain.

            Its admins were told. When their verification ends, your proof is checked again and the domain becomes yours, as long as the token is still there.
            """, fact.Organization.Value, StableId.Of(fact.Domain, fact.At, admin, "prover")));
        await post.Send([.. toOwner, .. toProver], ct);
    }
}
