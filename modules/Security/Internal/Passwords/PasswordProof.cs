namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>A signed-in person shows the password again before something dangerous.
/// Guessing in a stolen session is slowed down as at sign-in.</summary>
sealed class PasswordProof(PasswordStore passwords, PasswordHashing hashing, PolicyResolver policies, Throttle throttle)
{
    /// <param name="field">The form's, for the refusal.</param>
    public async Task<Outcome<PasswordRow>> Show(AccountView account, string? typed, string field, Origin origin, CancellationToken ct)
    {
        if ((await policies.Of(account, ct)).SingleSignOn) return new SignsInAtProvider();
        var entered = hashing.Enter(HashLane.Known);
        if (!entered.Granted) return entered.Refusal;
        using var seat = entered.Value;
        var attempt = await throttle.Enter(ThrottledBy.Proof, account.Email, account.Id, origin.Address, ct);
        if (attempt.Pause is { } pause) return new TooManyAttempts(pause);
        var row = await passwords.Of(account.Id, ct);
        if (!await hashing.IsRight(row?.Hash, typed is { Length: <= PasswordHashing.Longest } ? typed : "", seat, ct))
            return new InvalidValue(field, "This is not your password.");
        await throttle.GiveBack(attempt, ct);
        return row!;
    }
}

/// <summary>What only takes the password.</summary>
sealed class PasswordProofHandlers(IMediator mediator, Gate gate, PasswordProof proof, PasswordChoice choice, SessionStore sessions)
    : IRequestHandler<ProveItIsYou, Outcome<Done>>, IRequestHandler<ChangePassword, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ProveItIsYou command, CancellationToken ct)
    {
        var account = await mediator.Send(new ReadAccount(command.Visitor.Account), ct);
        if (!account.Granted) return account.Refusal;
        var shown = await proof.Show(account.Value, command.Password, "password", command.Origin, ct);
        if (!shown.Granted) return shown.Refusal;
        await sessions.Proved(command.Visitor, command.Origin, ct);
        return Done.It;
    }

    public async Task<Outcome<Done>> Handle(ChangePassword command, CancellationToken ct)
    {
        var account = await gate.MayAct(command.Account, ct);
        if (!account.Granted) return account.Refusal;
        var present = await proof.Show(account.Value, command.Current, "current", command.Origin, ct);
        if (!present.Granted) return present.Refusal;
        return (await choice.Make(new(account.Value, present.Value, command.Password, SecurityActions.PasswordChanged, command.Origin,
            command.KeepApiTokens ? TakeAlong.Links : TakeAlong.LinksAndTokens, command.Session), ct)).Map(_ => Done.It);
    }
}
