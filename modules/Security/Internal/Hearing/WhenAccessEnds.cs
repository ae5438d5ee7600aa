using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Sessions;
using MediatR;

namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>The gate has refused since the commit; this makes the end of the sessions last beyond a reactivation, so that a forgotten
/// browser does not come back to life.</summary>
sealed class WhenAccessEnds(SessionStore sessions)
    : INotificationHandler<AccountDeactivated>, INotificationHandler<DeletionScheduled>, INotificationHandler<EmailAddressChanged>
{
    public Task Handle(AccountDeactivated fact, CancellationToken ct) =>
        sessions.EndAll(fact.Accounts, fact.At, "account deactivated", ct);
    public Task Handle(DeletionScheduled fact, CancellationToken ct) =>
        sessions.EndAll(fact.Accounts, fact.At, "account being deleted", ct);

    /// <summary>Whoever was signed in under the old address signs in anew under the new one (SPEC M4).</summary>
    public Task Handle(EmailAddressChanged fact, CancellationToken ct) =>
        sessions.EndAll([fact.Account], fact.At, "email address changed", ct);
}
