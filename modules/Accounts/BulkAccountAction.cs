using System.Globalization;
using Npgsql;

namespace DirectoryPlatform.Accounts;

/// <summary>Names of actions on many managed accounts (SPEC A10, C6) that code elsewhere asks for. Every other name stands in its action's
/// class alone.</summary>
public static class ManyAccounts
{
    public const string Reactivate = "reactivate", Claim = "claim", Unclaim = "unclaim", MoveToPolicy = "policy";

    /// <summary>How an unclaiming is undone.</summary>
    public const string Reclaim = "reclaim";
}

/// <summary>What a draft about accounts holds beside its list.</summary>
/// <param name="Target">What the accounts are moved to, such as a policy's id.</param>
/// <param name="Domain">Where it is about the accounts of one domain.</param>
/// <param name="DomainName">In A-label form.</param>
/// <param name="Automatic">Of a claim: whether accounts that appear later are claimed in the same moment (C4).</param>
/// <param name="Everybody">All managed accounts were asked for.</param>
public sealed record AccountOptions(string? Target = null, DomainId? Domain = null, string? DomainName = null, bool Automatic = true,
    bool Everybody = false);

/// <summary>
/// An action on many accounts. What an account's own rules decide is a <c>LifecycleAction</c> of this module, what stands in the tables of
/// another is a <see cref="DependentAction"/> there: facts flow down to it, nothing here knows it.
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
/// An action that another module carries out on its own tables, on the same list, preview, job and results as the others (SPEC A10). What
/// the preview counts by <see cref="HasSomething"/> is what <see cref="Do"/> then finds, if nothing changes until it runs.
/// </summary>
public abstract class DependentAction : BulkAccountAction
{
    /// <summary>Why nothing is done with an account where it may be done and there is nothing to do.</summary>
    public abstract Refusal Nothing { get; }

    /// <summary>Why it may not be done with this account, whatever stands in the module's tables;
    /// in the order in which an admin would check.</summary>
    public abstract Refusal? Refused(AccountView account, OrganizationId by, Guid? actor);

    /// <summary>A condition in SQL over the account <c>a.id</c> and the module's own tables: whether there is something to do.</summary>
    /// <param name="now">Placeholder of the time, a timestamptz.</param>
    /// <param name="by">Placeholder of the organization, a uuid.</param>
    /// <param name="target">Placeholder of the target, a text; null for none.</param>
    public abstract string HasSomething(string now, string by, string target);

    /// <summary>Does it in the job's open transaction, so that a killed worker has done all of a chunk or nothing.</summary>
    public abstract Task<DoneWithAccounts> Do(AccountsToChange chunk, NpgsqlConnection connection, CancellationToken ct);
}

/// <param name="Accounts">Those with which it may be done.</param>
/// <param name="Origin">Who asked, for the audit log; <paramref name="Job"/> goes with it.</param>
/// <param name="Notify">Whether the people are told by mail.</param>
public sealed record AccountsToChange(IReadOnlyList<AccountView> Accounts, OrganizationId By, string? Target, bool Notify, Origin Origin,
    JobId Job, DateTimeOffset Now);

/// <param name="Accounts">With which something was done.</param>
/// <param name="Writes">Audit entries and mails, for the end of the same transaction.</param>
/// <param name="Stop">Set when the job cannot go on, such as after the target was deleted.</param>
public sealed record DoneWithAccounts(IReadOnlySet<Guid> Accounts, IReadOnlyList<NpgsqlBatchCommand> Writes, string? Stop = null);
