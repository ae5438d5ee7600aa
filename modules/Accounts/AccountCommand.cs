namespace DirectoryPlatform.Accounts;

/// <summary>A command to an account that exists; an unknown id is refused here once for all of them.</summary>
public abstract record AccountCommand(AccountId Account, Origin Origin) : GrainCommand<Account, AccountFact>(Origin)
{
    public sealed override Guid Target => Account.Value;

    public sealed override Outcome<AccountFact> Decide(Account? state, DateTimeOffset now) =>
        state is null ? new NotFound("account") : DecideOn(state, now);

    protected abstract Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now);
}
