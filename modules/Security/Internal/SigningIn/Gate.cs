namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>The one gate (SPEC A9): may this account act now? Every credential path asks here; the answer is read from the account's own
/// row each time. Whom it lets in to look is remembered until it is revoked, see <see cref="KnownVisitors"/>.</summary>
sealed class Gate(IMediator mediator)
{
    public async Task<Outcome<AccountView>> MayAct(AccountId id, CancellationToken ct)
    {
        var found = await mediator.Send(new ReadAccount(id), ct);
        return found.Granted ? MayAct(found.Value) : found;
    }

    /// <param name="account">As it was just read.</param>
    public static Outcome<AccountView> MayAct(AccountView account) => account.State switch
    {
        AccountState.Active => account,
        AccountState.Unverified => new VerifyEmailFirst(),
        AccountState.Deactivated => new DeactivatedAtSignIn(account.Message),
        AccountState.PendingDeletion => new DeletionAtSignIn(account.DeletionDueAt, account.ManagedBy is not null,
            account.DeletionBy is null),
        AccountState.Deleted => new WrongCredentials(),
    };
}
