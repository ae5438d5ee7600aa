using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Sessions;
using MediatR;

namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>The gate has refused since the commit; this makes the end of the sessions last beyond a reactivation, so that a forgotten
/// browser does not come back to life.</summary>
sealed class WhenAccessEnds(SessionStore sessions)
    : IHearsMany<AccountDeactivated>, IHearsMany<DeletionScheduled>, INotificationHandler<EmailAddressChanged>
{
    public Task Hear(IReadOnlyList<AccountDeactivated> facts, CancellationToken ct) => End(facts, "account deactivated", ct);

    public Task Hear(IReadOnlyList<DeletionScheduled> facts, CancellationToken ct) => End(facts, "account being deleted", ct);

    Task End(IReadOnlyList<LifecycleFact> facts, string why, CancellationToken ct) =>
        sessions.EndAll([.. facts.SelectMany(fact => fact.Accounts, (fact, account) => new EndedAccess(account, fact.At))], why, ct);

    /// <summary>Whoever was signed in under the old address signs in anew under the new one (SPEC M4).</summary>
    public Task Handle(EmailAddressChanged fact, CancellationToken ct) =>
        sessions.EndAll([fact.Account], fact.At, "email address changed", ct);
}
