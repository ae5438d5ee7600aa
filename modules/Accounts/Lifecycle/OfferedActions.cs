using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts;

/// <summary>What an admin can do to a managed account.</summary>
public enum AccountAction { Deactivate, Reactivate, ResendVerification, Unclaim, CancelDeletion, Delete }

/// <param name="Refusal">Null when the action is offered; otherwise why it is not.</param>
public sealed record OfferedAction(AccountAction Action, Refusal? Refusal);

/// <summary>Every action in menu order, each put to the account's own rules as it would be when pressed: what is offered and what is
/// granted cannot differ.</summary>
public sealed record OfferedActions(AccountId Account, OrganizationId Organization, AccountId Viewer)
    : IRequest<IReadOnlyList<OfferedAction>>;

sealed class OfferedActionsHandler(UnitOfWork work, AccountStore store)
    : IRequestHandler<OfferedActions, IReadOnlyList<OfferedAction>>
{
    /// <summary>Read as a turn reads, so that "the last admin" is known too; nothing is written, and the locks go at once.</summary>
    public Task<IReadOnlyList<OfferedAction>> Handle(OfferedActions query, CancellationToken ct) =>
        work.Look<IReadOnlyList<OfferedAction>>(new(query.Viewer.Value, "preview"), async change =>
    {
        var (connection, now) = (change.Connection, change.Now);
        var states = new Dictionary<Guid, Account>();
        await using (var command = new NpgsqlCommand($"select {AccountStore.Columns} from accounts.account where id = $1",
            connection)
        { Parameters = { new() { Value = query.Account.Value } } })
        await using (var rows = await command.ExecuteReaderAsync(ct))
            if (await rows.ReadAsync(ct)) states.Add(query.Account.Value, store.Read(rows));
        await store.Complete(connection, states, ct);
        if (!states.TryGetValue(query.Account.Value, out var account)) return [];
        return
        [
            new(AccountAction.Deactivate, account.Deactivate(query.Organization, query.Viewer.Value, null, null, true, now).Refusal),
            new(AccountAction.Reactivate, account.Reactivate(query.Organization, now).Refusal),
            new(AccountAction.ResendVerification,
                account.ManagedBy != query.Organization ? new NotManagedHere()
                : account.EmailVerified ? new EmailAlreadyVerified()
                : null),
            new(AccountAction.Unclaim, account.Unclaim(query.Organization, true, now).Refusal),
            new(AccountAction.CancelDeletion, account.CancelDeletion(query.Organization, now).Refusal),
            new(AccountAction.Delete, account.ScheduleDeletion(query.Organization, query.Viewer.Value, now).Refusal),
        ];
    }, ct);
}
