namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>Whoever signs in shows a code; guesses are slowed down per account.</summary>
sealed class CodeProof(Throttle throttle, TwoStepStore twoStep)
{
    /// <returns>Null for a right one, which is used up by that.</returns>
    public async Task<Refusal?> Refused(AccountId account, string? code, Origin origin, CancellationToken ct)
    {
        var attempt = await throttle.Enter(ThrottledBy.Code, $"{account}", account, origin.Address, ct);
        if (attempt.Pause is { } pause) return new TooManyAttempts(pause);
        if (!await twoStep.Accepts(account, code, origin with { Actor = account.Value }, ct))
            return new InvalidValue("code", "This code is wrong, was already used or has expired. Wait for the next one.");
        await throttle.GiveBack(attempt, ct);
        return null;
    }
}

sealed class GiveTwoStepCodeHandler(SignInFlow flow, Gate gate, CodeProof codes)
    : IRequestHandler<GiveTwoStepCode, Outcome<SignedIn>>
{
    public async Task<Outcome<SignedIn>> Handle(GiveTwoStepCode command, CancellationToken ct)
    {
        if (await flow.At(SignInStep.TwoStepCode, command.Ticket, ct) is not var (ticket, password)) return new SignInTicketVoid();
        // Nobody who may not act uses up a code; whoever is about to be deleted may still come back.
        if (await gate.MayAct(ticket.Account, ct) is { Granted: false, Refusal: not DeletionAtSignIn } closed) return closed.Refusal;
        if (await codes.Refused(ticket.Account, command.Code, command.Origin, ct) is { } refusal) return refusal;
        return await flow.Continue(ticket.Account, password, codeShown: true, command.Device, command.Origin, ct);
    }
}

sealed class ChoosePasswordAtSignInHandler(SignInFlow flow, Gate gate, PasswordChoice choice)
    : IRequestHandler<ChoosePasswordAtSignIn, Outcome<SignedIn>>
{
    public async Task<Outcome<SignedIn>> Handle(ChoosePasswordAtSignIn command, CancellationToken ct)
    {
        if (await flow.At(SignInStep.NewPassword, command.Ticket, ct) is not var (ticket, present)) return new SignInTicketVoid();
        var account = await gate.MayAct(ticket.Account, ct);
        if (!account.Granted) return account.Refusal;
        var chosen =
            await choice.Make(new(account.Value, present, command.Password, SecurityActions.PasswordSetAtSignIn, command.Origin,
                TakeAlong.Links), ct);
        return chosen.Granted
            ? await flow.Continue(ticket.Account, chosen.Value, ticket.CodeShown, command.Device, command.Origin, ct)
            : chosen.Refusal;
    }
}

sealed class CancelOwnDeletionHandler(IMediator mediator, DeletionTickets tickets, PasswordStore passwords, SignInFlow flow)
    : IRequestHandler<CancelOwnDeletion, Outcome<SignedIn>>
{
    public async Task<Outcome<SignedIn>> Handle(CancelOwnDeletion command, CancellationToken ct)
    {
        if (tickets.Read(command.Ticket) is not var (id, dueAt, stamp)) return new TicketVoid();
        // Changed or reset since it was shown: whoever showed it may be somebody else (SPEC A14).
        if (await passwords.Of(id, ct) is not { } password || password.Stamp != stamp) return new TicketVoid();
        var account = await mediator.Send(new ReadAccount(id), ct);
        if (!account.Granted || account.Value.DeletionDueAt != dueAt) return new TicketVoid();
        var cancelled = await mediator.Send(new CancelDeletion(id, null, command.Origin with { Actor = id.Value }), ct);
        if (!cancelled.Granted) return cancelled.Refusal;
        return await flow.Continue(id, password, codeShown: true, command.Device, command.Origin, ct);
    }
}
