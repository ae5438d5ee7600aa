namespace DirectoryPlatform.Accounts.Internal.Actions;

/// <summary>Claims accounts of a domain (SPEC C2–C5): the same <see cref="Account.Claim"/> as for one, thousands at a time.</summary>
sealed class ClaimAccounts : LifecycleAction
{
    public override string Name => ManyAccounts.Claim;
    public override string Code => "claimed";
    public override string JobKind => "claim";
    public override bool InMenu => false;
    public override bool LooksAtPerson => false;
    public override string OneAudit => nameof(AccountClaimed);

    public override BulkWords Words => new("Claim", "user-plus", "claimed", false,
        ["Access, sessions and passwords stay as they are.", "Each person can see who manages their account."])
    { AsksNotify = true, Notifies = false, Towards = "on" };

    public override Task<Outcome<string>> Target(BulkDraft draft, CancellationToken ct) =>
        Task.FromResult<Outcome<string>>(draft.Option<AccountOptions>().DomainName!);

    public override Outcome<AccountFact> Decide(Account account, AccountOrder order) => account.Claim(order.By, order.Options.DomainName!,
        evenIfExcluded: !order.Draft.Everything, order.Now, unnamed: order.Draft.Everything);

    /// <summary>SPEC C1.</summary>
    internal override string? ToType(AccountOptions options, long number) => number > 1_000 ? options.DomainName : null;

    /// <summary>What becomes of accounts that appear later.</summary>
    public override async Task<Refusal?> Begin(AccountOptions options, BulkDraft draft, BulkOrder order, Origin origin, IMediator mediator,
        CancellationToken ct)
    {
        var id = options.Domain!.Value;
        // Nothing was said: the domain's setting stays, and it may have none.
        if (options.Automatic is not { } automatic)
        {
            var domain = await mediator.Send(new ReadDomain(draft.By, id), ct);
            return !domain.Granted ? domain.Refusal : domain.Value.IsOwned ? null : new DomainNotOwned();
        }
        var chosen = await mediator.Send(new ChooseDomainClaiming(id, draft.By, automatic, origin), ct);
        return chosen.Refusal is DomainNotVerified ? new DomainNotOwned() : chosen.Refusal;
    }

    /// <summary>Held to the chunk's end: an unclaiming that follows the loss of the domain waits for it, see
    /// <see cref="UnclaimLostDomain"/>.</summary>
    public override async Task<string?> Enter(AccountOrder order, NpgsqlConnection connection, IMediator mediator, CancellationToken ct)
    {
        var domain = order.Options.DomainName!;
        await DomainLock.Shared(connection, domain, ct);
        return (await mediator.Send(new WhoOwnsDomain(domain), ct))?.Organization == order.By ? null
            : $"{domain} is no longer verified by your organization. Verify it again, then resume.";
    }
}

/// <summary>Gives accounts back: those of a list, or all of a domain (SPEC C6, C7, D12).</summary>
sealed class UnclaimAccounts : LifecycleAction
{
    public override string Name => ManyAccounts.Unclaim;
    public override string Code => "unclaimed";
    public override BulkUndo Undo => new(Code, ManyAccounts.Reclaim);
    public override bool LooksAtPerson => false;

    public override BulkWords Words => new("Unclaim", "user-minus", "unclaimed", true,
        ["Your organization no longer manages them. They keep all access and leave your authentication policies.",
            "The people can change their email address and delete their account again.",
            "Scheduled deletions continue. To let people keep their accounts, cancel the deletions first.",
            "They are added to their domain’s exclusion list, so automatic claiming skips them.",
            "You can undo this from the job’s page."])
    { AsksNotify = true };

    public override Outcome<AccountFact> Decide(Account account, AccountOrder order) =>
        account.Unclaim(order.By, exclude: true, order.Now);

    internal override string? ToType(AccountOptions options, long number) => number <= TypeAbove && !options.Everybody ? null
        : options.DomainName ?? number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How an unclaiming is undone (SPEC C9).</summary>
sealed class ReclaimAccounts : LifecycleAction
{
    public override string Name => ManyAccounts.Reclaim;
    public override string Code => "claimed";
    public override bool InMenu => false;
    public override bool LooksAtPerson => false;
    public override bool AsksForDomains => true;

    public override BulkWords Words => new("Claim again", "user-plus", "claimed again", false,
        ["Your organization manages them again, as before they were unclaimed.",
            "They are removed from the exclusion list. Access, sessions and passwords stay as they are."])
    { AsksNotify = true };

    public override Outcome<AccountFact> Decide(Account account, AccountOrder order) =>
        account.Email is { } email && order.Owned.Contains(email.Domain)
            ? account.Claim(order.By, email.Domain, evenIfExcluded: true, order.Now)
            : account.State is AccountState.Deleted ? new AccountIsDeleted() : new DomainNotOwned();
}
