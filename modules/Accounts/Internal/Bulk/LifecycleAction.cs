namespace DirectoryPlatform.Accounts.Internal.Bulk;

/// <param name="Actor">Who asked: nobody does this to the own account.</param>
/// <param name="Owned">Domains that the organization owns now; only where <see cref="LifecycleAction.AsksForDomains"/>.</param>
sealed record AccountOrder(BulkDraft Draft, BulkOrder Order, Guid? Actor, IReadOnlySet<string> Owned, DateTimeOffset Now)
{
    public AccountOptions Options { get; } = Draft.Option<AccountOptions>();
    public OrganizationId By => Draft.By;
}

/// <summary>An action that the account itself decides: preview, review file and run all ask <see cref="Decide"/> (SPEC C8).</summary>
abstract class LifecycleAction : BulkAccountAction
{
    public virtual string JobKind => IBulkJob.UsualKind;

    public abstract Outcome<AccountFact> Decide(Account account, AccountOrder order);

    /// <summary>Whether it matters who is an admin, and who asks: they are decided on one by one, under the roster's lock.</summary>
    public virtual bool LooksAtPerson => true;

    /// <summary>Of what undoes a job: the audited deeds of which the account's newest has to be that job's. Otherwise somebody has decided
    /// anew since, which an undo leaves alone (SPEC C9). Empty where the account's state says enough.</summary>
    public virtual IReadOnlyList<string> TakesBack => [];

    /// <summary>Whether it matters which domains the organization owns.</summary>
    public virtual bool AsksForDomains => false;

    /// <summary>See <see cref="IBulkAction.Begin"/>.</summary>
    public virtual Task<Refusal?> Begin(AccountOptions options, BulkDraft draft, BulkOrder order, Origin origin, IMediator mediator,
        CancellationToken ct) => Task.FromResult<Refusal?>(null);

    /// <summary>Before a chunk is read, in its transaction.</summary>
    /// <returns>Why the job cannot go on; null when it can.</returns>
    public virtual Task<string?> Enter(AccountOrder order, NpgsqlConnection connection, IMediator mediator, CancellationToken ct) =>
        Task.FromResult<string?>(null);

    /// <summary>The action of all entries, where all accounts go from one manager to one and nothing else changes; null for usual entries.
    /// </summary>
    public virtual string? OneAudit => null;

    /// <summary>Taking many accounts out of the organization's hands is typed, too (SPEC M12).</summary>
    protected const long TypeAbove = 100;
}
