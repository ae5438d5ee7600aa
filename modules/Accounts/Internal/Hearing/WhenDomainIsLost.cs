namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>A lost domain gives its accounts back (SPEC D9, D12). The job's id comes from the loss,
/// so that hearing of it twice starts one job.</summary>
sealed class WhenDomainIsLost(AccountRanges ranges, JobStore jobs, JobScheduling scheduling)
    : INotificationHandler<DomainRemoved>, INotificationHandler<DomainLapsed>
{
    public Task Handle(DomainRemoved fact, CancellationToken ct) =>
        fact.WasOwned ? Unclaim(fact, DeterministicGuid.Of(fact.Domain, "unclaim"), ct) : Task.CompletedTask;

    /// <summary>A domain can lapse more than once.</summary>
    public Task Handle(DomainLapsed fact, CancellationToken ct) =>
        Unclaim(fact, DeterministicGuid.Of(fact.Domain, "lapsed", fact.At.ToString("O", CultureInfo.InvariantCulture)), ct);

    async Task Unclaim(DomainFact fact, Guid job, CancellationToken ct)
    {
        var (total, cut) = await ranges.Of(AccountSource.OnDomain(fact.Name), ct);
        if (total == 0) return;
        var id = new JobId(job);
        await jobs.Insert(new NewJob(
            id, UnclaimLostDomain.JobKind, fact.Organization.Value, $"Unclaim accounts on {fact.Name}",
                KernelJson.Write(new LostDomain(fact.Name)), Origin.Schedule, total, cut), ct);
        scheduling.Start();
    }
}

/// <summary>Somebody else has shown the token of a domain that is owned: nothing moves, and both sides learn of it (SPEC D10).</summary>
sealed class WhenDomainProofContested(AccountReading accounts, MailQueue post) : INotificationHandler<DomainProofContested>
{
    public async Task Handle(DomainProofContested fact, CancellationToken ct)
    {
        var toOwner = (await accounts.AdminsOf(fact.Owner))
            .Select(admin =>
                new OutgoingMail(admin, new DomainContestedLetter(fact.Name), fact.Owner.Value,
                    DeterministicGuid.Of(fact.Domain, fact.At, admin, "owner")));
        var toProver = (await accounts.AdminsOf(fact.Organization))
            .Select(admin => new OutgoingMail(admin, new DomainOwnedElsewhereLetter(fact.Name), fact.Organization.Value,
                DeterministicGuid.Of(fact.Domain, fact.At, admin, "prover")));
        await post.Send([.. toOwner, .. toProver], ct);
    }
}
