namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>
/// The invitation is taken first, together with the password: of many who follow one link at once, one writes a password. A process that is
/// killed behind that leaves either an account that can be signed in to with the chosen password, or an invitation that the next follower
/// gets after a minute, with the same id for the account, whose password then is the last one's.
/// </summary>
sealed class JoinByInvitationHandler(IMediator mediator, ILimiter limiter, PasswordStore passwords, PasswordHashing hashing)
    : IRequestHandler<JoinByInvitation, Outcome<SiteId>>
{
    public async Task<Outcome<SiteId>> Handle(JoinByInvitation command, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.Invitation, command.Origin, command.Token, ct) is { } closed) return closed;
        var read = await mediator.Send(new ReadInvitation(command.Token), ct);
        if (!read.Granted) return read.Refusal;
        var (email, isNew) = (EmailAddress.Trusted(read.Value.Email), read.Value.State is null);
        if (read.Value.State is AccountState.Active) return new SignInToJoin();
        if (read.Value.State is not (null or AccountState.Unverified)) return new InvitedCannotAct();
        var named = isNew ? PlainText.ReadName(command.Name) : "";
        if (!named.Granted) return named.Refusal;
        var name = named.Value;
        if ((await mediator.Send(new MeasurePassword(command.Password, null, email.Value, name), ct)).Refusal is { } weak) return weak;
        if (PasswordStore.Check(command.Password) is { } length) return length;
        var entered = hashing.Enter(HashLane.Link);
        if (!entered.Granted) return entered.Refusal;
        using var seat = entered.Value;
        var id = read.Value.Account ?? await Candidate(read.Value, ct);
        var taken = await mediator.Send(
            new TakeInvitation(command.Token, id, await passwords.GivingAfresh(id, command.Password!, seat, ct), command.Origin), ct);
        if (!taken.Granted) return taken.Refusal;
        var origin = command.Origin with { Actor = id.Value };
        if ((isNew ? await Create(id, email, name, origin, ct) : await Verify(id, email, origin, ct)) is { } refusal)
        {
            await mediator.Send(new GiveInvitationBack(command.Token, taken.Value), CancellationToken.None);
            // No password stands without an account.
            if (!(await mediator.Send(new ReadAccount(id), CancellationToken.None)).Granted)
                await passwords.Remove(id, CancellationToken.None);
            return refusal;
        }
        return await mediator.Send(new AcceptInvitation(command.Token, id, command.Origin, taken.Value), ct);
    }

    /// <summary>The account that a follower before began to make and whom nobody finished, so that no password is left for an account that
    /// will never be.</summary>
    async Task<AccountId> Candidate(InvitationView invitation, CancellationToken ct) =>
        invitation.JoiningAs is { } began && !(await mediator.Send(new ReadAccount(began), ct)).Granted
            ? began
            : new AccountId(Guid.CreateVersion7());

    async Task<Refusal?> Create(AccountId id, EmailAddress email, string name, Origin origin, CancellationToken ct)
    {
        var claimFor = (await mediator.Send(new WhoOwnsDomain(email.Domain), ct))?.Claimer;
        var signedUp = await mediator.Send(new SignUpAccount(id, email, name, true, claimFor, origin), ct);
        if (signedUp.Granted) return null;
        // A follower from before, slower than a minute, has made the very account: whoever's turn it is now goes on with it.
        return signedUp.Refusal is EmailTaken ? (await mediator.Send(new FindAccount(email), ct))?.Id == id
            ? null
            : new InvitationVoid() : signedUp.Refusal;
    }

    async Task<Refusal?> Verify(AccountId id, EmailAddress email, Origin origin, CancellationToken ct)
    {
        var claimFor = (await mediator.Send(new WhoOwnsDomain(email.Domain), ct))?.Claimer;
        var verified = await mediator.Send(new VerifyEmailAddress(id, email, origin, claimFor), ct);
        return verified is { Granted: false, Refusal: not EmailAlreadyVerified } ? new InvitationVoid() : null;
    }
}
