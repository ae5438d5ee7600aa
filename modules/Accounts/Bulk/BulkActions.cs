using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>What can be done to many managed accounts at once (SPEC A10, C6). <see cref="Reclaim"/> is how an unclaiming is undone. The
/// last four are carried out by another room, see <see cref="IBulkAction"/>.</summary>
public enum BulkAction
{
    Deactivate, Reactivate, Delete, CancelDeletion, Unclaim, Reclaim, ResetPassword, LogOut, RevokeApiTokens, MoveToPolicy
}

/// <summary>A bulk action being prepared; kept in the database so that Back, reload and another node all work. Void after a day. Its id
/// becomes the job's id.</summary>
public readonly record struct BulkDraftId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>Fixes the accounts to act on: what the admin looks at is what is done, whoever else changes accounts meanwhile.</summary>
/// <param name="Accounts">The rows that were checked; ids that this organization does not manage are counted and left out.
/// Null for all that match.</param>
/// <param name="Filter">For all that match; null when rows were checked.</param>
public sealed record PrepareBulk(OrganizationId Organization, BulkAction Action, IReadOnlyList<AccountId>? Accounts,
    ManagedAccountFilter? Filter, Origin Origin) : IRequest<Outcome<BulkDraftId>>
{
    /// <summary>What the accounts are moved to, such as a policy's id; null where nothing is chosen. Refused with <see cref="NotFound"/>
    /// when it is not this organization's.</summary>
    public string? Target { get; init; }
}

/// <summary>Unclaiming by one-column CSV files of emails (SPEC C6): at most 10,000 rows and 5 MB a file.</summary>
public sealed record PrepareUnclaimByFiles(OrganizationId Organization, IReadOnlyList<NamedFile> Files, Origin Origin)
    : IRequest<Outcome<BulkDraftId>>;

/// <summary>Prepares the opposite of what a job has done (SPEC C9): of a deactivation or an unclaiming that has ended.</summary>
public sealed record PrepareUndo(OrganizationId Organization, JobId Job, Origin Origin) : IRequest<Outcome<BulkDraftId>>;

/// <summary>The dry run (SPEC C8): the same decisions as the job's, and nothing written.</summary>
public sealed record ReviewBulk(OrganizationId Organization, BulkDraftId Draft, AccountId Viewer) : IRequest<Outcome<BulkReview>>;

/// <param name="Undoes">The job whose doing is taken back; null otherwise.</param>
/// <param name="WillChange">Accounts that the job will change, if nothing changes until it runs.</param>
/// <param name="Refused">The others by reason, with their number.</param>
/// <param name="Blocked">Accounts that are protected (SPEC A8), each with its reason, at most 100.</param>
/// <param name="Sample">Names of some of those that will change.</param>
/// <param name="LeftOut">Checked rows that this organization does not manage, or not any more.</param>
/// <param name="BadLines">Of uploaded files, at most the first 100.</param>
/// <param name="MustTypeNumber">From 1,000 accounts on the admin types their number to confirm.</param>
public sealed record BulkReview(
    BulkDraftId Draft, BulkAction Action, JobId? Undoes, long WillChange, IReadOnlyList<ClaimRefusalCount> Refused,
    IReadOnlyList<BlockedAccount> Blocked, IReadOnlyList<SampleAccount> Sample,
    long LeftOut, long BadLineCount, IReadOnlyList<BadLine> BadLines, bool MustTypeNumber)
{
    /// <summary>How that is called to which the accounts are moved; "" for nothing.</summary>
    public string Target { get; init; } = "";
}

public sealed record BlockedAccount(AccountId Account, string Name, Refusal Refusal);

public sealed record SampleAccount(AccountId Account, string Name, string Email);

/// <summary>Starts the job. Sending it twice starts one job.</summary>
/// <param name="Reason">Of a deactivation: kept and shown to admins.</param>
/// <param name="Message">Of a deactivation: shown to the people at sign-in.</param>
/// <param name="Notify">Whether the people are told by mail.</param>
/// <param name="Acknowledged">Of a deletion: that the warning was read (SPEC A5).</param>
/// <param name="TypedNumber">What the admin typed, when <see cref="BulkReview.MustTypeNumber"/>.</param>
public sealed record ConfirmBulk(
    OrganizationId Organization, BulkDraftId Draft, string? Reason, string? Message, bool Notify, bool Acknowledged, string? TypedNumber,
    Origin Origin) : IRequest<Outcome<JobId>>;

/// <summary>The dry run account by account as CSV: Name, Email, Account id, Result; streamed.</summary>
public sealed record ExportBulkReview(OrganizationId Organization, BulkDraftId Draft, AccountId Viewer, Stream Output)
    : IRequest<Outcome<Done>>;
