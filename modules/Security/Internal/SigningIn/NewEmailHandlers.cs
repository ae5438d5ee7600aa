namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>The links of a changed address: the one that carries it out, and the one that takes the old address back (SPEC A15).</summary>
sealed class NewEmailHandlers(IMediator mediator, ILimiter limiter, Gate gate, PasswordProof proof, BegunSince begun)
    : IRequestHandler<ConfirmNewEmail, Outcome<EmailAddress>>, IRequestHandler<ReadNewEmail, Outcome<NewEmail>>,
    IRequestHandler<TakeAddressBack, Outcome<EmailAddress>>
{
    public async Task<Outcome<NewEmail>> Handle(ReadNewEmail query, CancellationToken ct)
    {
        var waiting = await mediator.Send(new ReadEmailChange(query.Token), ct);
        return waiting.Granted ? new NewEmail(waiting.Value.Email, !IsThere(query.Visitor, waiting.Value)) : waiting.Refusal;
    }

    public async Task<Outcome<EmailAddress>> Handle(ConfirmNewEmail command, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.EmailChangeLink, command.Origin, command.Token, ct) is { } closed) return closed;
        var waiting = await mediator.Send(new ReadEmailChange(command.Token), ct);
        if (!waiting.Granted) return waiting.Refusal;
        var origin = command.Origin with { Actor = waiting.Value.Account.Value };
        if (!IsThere(command.Visitor, waiting.Value))
        {
            if (command.Password is null) return new PasswordNeeded();
            var account = await gate.MayAct(waiting.Value.Account, ct);
            if (!account.Granted) return account.Refusal;
            var shown = await proof.Show(account.Value, command.Password, "password", origin, ct);
            if (!shown.Granted) return shown.Refusal;
        }
        return await mediator.Send(new FollowEmailChangeLink(command.Token, origin), ct);
    }

    /// <summary>A cookie's session, not a program's token.</summary>
    static bool IsThere(Visitor? visitor, WaitingEmail waiting) => visitor is { Means: "web" } && visitor.Account == waiting.Account;

    public async Task<Outcome<EmailAddress>> Handle(TakeAddressBack command, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.EmailChangeLink, command.Origin, command.Token, ct) is { } closed) return closed;
        var left = await mediator.Send(new ReadLeftEmail(command.Token), ct);
        if (!left.Granted) return left.Refusal;
        var taken = await mediator.Send(new TakeEmailAddressBack(left.Value.Account, left.Value.Id, left.Value.Email, left.Value.Since,
            command.Origin), ct);
        if (!taken.Granted) return taken.Refusal is EmailUnchanged ? new LinkVoid() : taken.Refusal;
        // The fact does the same, for the case that this process dies here; before the page says so it is done.
        await begun.End((EmailAddressChanged)taken.Value, command.Origin, ct);
        return left.Value.Email;
    }
}
