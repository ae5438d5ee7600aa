using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using Npgsql;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// A bulk action that another room carries out on its own tables, on the same list, preview, job and results as the others (SPEC A10):
/// facts flow down to it, nothing here knows it. What the preview counts by <see cref="HasSomething"/> is what <see cref="Do"/> then finds,
/// if nothing changes until it runs.
/// </summary>
public interface IBulkAction
{
    BulkAction Action { get; }

    /// <summary>Of a granted item, in counts and result files.</summary>
    string Code { get; }

    /// <summary>Why nothing is done with an account where it may be done and there is nothing to do.</summary>
    Refusal Nothing { get; }

    /// <summary>Why it may not be done with this account, whatever stands in the room's tables;
    /// in the order in which an admin would check.</summary>
    Refusal? Refused(AccountView account, OrganizationId by, Guid? actor);

    /// <summary>A condition in SQL over the account <c>a.id</c> and the room's own tables: whether there is something to do.</summary>
    /// <param name="now">Placeholder of the time, a timestamptz.</param>
    /// <param name="by">Placeholder of the organization, a uuid.</param>
    /// <param name="target">Placeholder of the target, a text; null for none.</param>
    string HasSomething(string now, string by, string target);

    /// <summary>How the target is called, such as a policy's name; "" where there is none.
    /// Refuses a target that is not this organization's.</summary>
    Task<Outcome<string>> Target(OrganizationId by, string? target, CancellationToken ct);

    /// <summary>Does it in the job's open transaction, so that a killed worker has done all of a chunk or nothing.</summary>
    Task<BulkDone> Do(BulkDeedChunk chunk, NpgsqlConnection connection, CancellationToken ct);
}

/// <param name="Accounts">Those with which it may be done.</param>
/// <param name="Origin">Who asked, for the audit log; <paramref name="Job"/> goes with it.</param>
/// <param name="Notify">Whether the people are told by mail.</param>
public sealed record BulkDeedChunk(IReadOnlyList<AccountView> Accounts, OrganizationId By, string? Target, bool Notify, Origin Origin,
    JobId Job, DateTimeOffset Now);

/// <param name="Accounts">With which something was done.</param>
/// <param name="Writes">Audit entries and mails, for the end of the same transaction.</param>
/// <param name="Stop">Set when the job cannot go on, such as after the target was deleted.</param>
public sealed record BulkDone(IReadOnlySet<Guid> Accounts, IReadOnlyList<NpgsqlBatchCommand> Writes, string? Stop = null);
