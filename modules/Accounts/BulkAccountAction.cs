namespace DirectoryPlatform.Accounts;

/// <summary>Names of actions on many managed accounts (SPEC A10, C6) that code elsewhere asks for. Every other name stands in its action's
/// class alone.</summary>
public static class ManyAccounts
{
    public const string Reactivate = "reactivate", Claim = "claim", Unclaim = "unclaim", Delete = "delete", MoveToPolicy = "policy",
        RevokeApiTokens = "revoke-api-tokens";

    /// <summary>How an unclaiming is undone: what undoes another is named by it.</summary>
    public const string Reclaim = "reclaim";

    /// <summary>See <see cref="IBulkAction.Family"/>. Claims are one of their own: a wizard leads through them.</summary>
    public const string Family = "accounts", ClaimFamily = "claim";
}

/// <summary>What a draft about accounts holds beside its list.</summary>
/// <param name="Target">What the accounts are moved to, such as a policy's id.</param>
/// <param name="Domain">Where it is about the accounts of one domain.</param>
/// <param name="DomainName">In A-label form.</param>
/// <param name="Automatic">Of a claim: whether accounts that appear later are claimed in the same moment (C4).</param>
/// <param name="Everybody">All managed accounts were asked for.</param>
public sealed record AccountOptions(string? Target = null, DomainId? Domain = null, string? DomainName = null, bool? Automatic = null,
    bool Everybody = false);

/// <summary>
/// An action on many accounts. What changes the account itself is a <c>LifecycleAction</c> of this module. What changes only tables beside
/// it is a <see cref="DependentAction"/> in the module of those tables, which may be this one; nothing here knows another module's.
/// </summary>
public abstract class BulkAccountAction
{
    /// <summary>See <see cref="IBulkAction.Name"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Of a granted item, in counts and result files.</summary>
    public abstract string Code { get; }

    public abstract BulkWords Words { get; }

    /// <summary>Whether the menu of the managed accounts has it, by its label and in the order of the registrations.</summary>
    public virtual bool InMenu => true;

    public virtual BulkUndo? Undo => null;

    /// <summary>See <see cref="IBulkAction.Target"/>.</summary>
    public virtual Task<Outcome<string>> Target(BulkDraft draft, CancellationToken ct) => Task.FromResult<Outcome<string>>("");

    internal virtual string? ToType(AccountOptions options, long number) =>
        number >= BulkWords.TypeFrom ? number.ToString(CultureInfo.InvariantCulture) : null;
}

/// <summary>
/// An action on tables beside the account, on the same list, preview, job and results as the others (SPEC A10): it is done with all
/// whom the organization manages and neither <see cref="Refused"/> nor one of the <see cref="Obstacles"/> keeps out, if nothing changes
/// until it runs.
/// </summary>
public abstract class DependentAction : BulkAccountAction
{
    /// <summary>Why it may not be done with this account of the organization's, whatever stands in those tables; in the order in which an
    /// admin would check. A preview asks it of many accounts at once, and knows of them only what <c>modules/README.md</c> tells.</summary>
    public virtual Refusal? Refused(AccountView account, OrganizationId by, Guid? actor) => null;

    /// <summary>Why it is not done with an account with which it may be done, such as that there is nothing to do: each reason with its
    /// condition in SQL over the account <c>a.id</c> and those tables; the first that holds is told.</summary>
    /// <param name="now">Placeholder of the time, a timestamptz.</param>
    /// <param name="by">Placeholder of the organization, a uuid.</param>
    /// <param name="target">Placeholder of the target, a text; null for none.</param>
    public abstract IReadOnlyList<(string Condition, Refusal Reason)> Obstacles(string now, string by, string target);

    /// <summary>Does it in the job's open transaction, so that a killed worker has done all of a chunk or nothing.</summary>
    /// <param name="change">For statements, audit entries and mails; the worker commits.</param>
    public abstract Task<DoneWithAccounts> Do(AccountsToChange chunk, Change change, CancellationToken ct);
}

/// <param name="Accounts">Those with which it may be done.</param>
/// <param name="Notify">Whether the people are told by mail.</param>
public sealed record AccountsToChange(IReadOnlyList<AccountView> Accounts, OrganizationId By, string? Target, bool Notify)
{
    public Guid[] Ids => [.. Accounts.Select(a => a.Id.Value)];

    public IEnumerable<AccountView> Those(IReadOnlySet<Guid> ids) => Accounts.Where(a => ids.Contains(a.Id.Value));
}

/// <param name="Accounts">With which it was done; all others are told why not, as in the preview.</param>
/// <param name="Stop">Set when the job cannot go on, such as after the target was deleted.</param>
public sealed record DoneWithAccounts(IReadOnlySet<Guid> Accounts, string? Stop = null);
