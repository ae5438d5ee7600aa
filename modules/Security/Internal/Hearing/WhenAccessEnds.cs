namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>
/// The gate has refused since the commit; this makes the end of the sessions last beyond a reactivation, so that a forgotten browser does
/// not come back to life. A change of password ends sessions by itself; this ends them, too, when the process died between the commit and
/// that (SPEC M7). A link of a forgotten password dies with the address that it was sent to, even when that comes back: whoever reads the
/// mailbox may be another person (A16). Whatever was begun in an account that was taken back goes (A15).
/// </summary>
sealed class WhenAccessEnds(NpgsqlDataSource database, IMediator mediator, SessionStore sessions, BegunSince begun, TimeProvider clock)
    : IHearsMany<AccountDeactivated>, IHearsMany<DeletionScheduled>, IHearsMany<PasswordReplaced>,
    INotificationHandler<EmailAddressChanged>, INotificationHandler<AddressWithdrawn>
{
    public Task Hear(IReadOnlyList<AccountDeactivated> facts, CancellationToken ct) => End(facts, "account deactivated", ct);

    public Task Hear(IReadOnlyList<DeletionScheduled> facts, CancellationToken ct) => End(facts, "account being deleted", ct);

    /// <summary>A sign-in may have begun between the decision and its commit. Who may not act now has no session that stays; of whoever is
    /// back, those go that are from before.</summary>
    async Task End(IReadOnlyList<LifecycleFact> facts, string why, CancellationToken ct)
    {
        var heard = clock.GetUtcNow();
        var back = (await mediator.Send(new ReadAccounts([.. facts.SelectMany(fact => fact.Accounts)]), ct))
            .Where(account => account.State is AccountState.Active).Select(account => account.Id).ToHashSet();
        await sessions.EndAll([.. facts.SelectMany(fact => fact.Accounts, (fact, account) =>
            new EndedAccess(account, back.Contains(account) ? fact.At : heard))], why, ct);
    }

    public Task Hear(IReadOnlyList<PasswordReplaced> facts, CancellationToken ct) =>
        sessions.EndAll([.. facts.Select(fact => new EndedAccess(fact.Account, fact.At, fact.Keep))], "password changed", ct);

    /// <summary>Whoever was signed in under the old address signs in anew under the new one (SPEC M4).</summary>
    public async Task Handle(EmailAddressChanged fact, CancellationToken ct)
    {
        await LoseMailbox(fact, "email address changed", ct);
        await begun.End(fact, Origin.Schedule, ct);
    }

    public Task Handle(AddressWithdrawn fact, CancellationToken ct) => LoseMailbox(fact, "email address withdrawn", ct);

    async Task LoseMailbox(AccountFact fact, string why, CancellationToken ct)
    {
        await sessions.EndAll([fact.Account], fact.At, why, ct);
        await database.Write(
            "update security.password_reset set used_at = @at where account_id = @id and sent_at <= @at and used_at is null",
            new { id = fact.Account.Value, at = fact.At.UtcDateTime }, ct);
    }
}
