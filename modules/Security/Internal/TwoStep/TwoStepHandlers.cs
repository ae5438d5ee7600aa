using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.TwoStep;

/// <summary>Keys that wait for their first code, sealed: nothing is stored for whoever only looks at the page.</summary>
sealed class Enrolments(IDataProtectionProvider protection, TimeProvider clock)
{
    static readonly TimeSpan Life = TimeSpan.FromHours(1);

    readonly SealedWords _sealed = new(protection.CreateProtector("two-step enrolment"), clock, Life);

    /// <param name="password">The present one: a change or a reset of it voids what was prepared before (SPEC A14). Null for none.</param>
    public TwoStepEnrolment Prepare(AccountView account, PasswordRow? password, string? enrolment)
    {
        var secret = Read(account.Id, password, enrolment) ?? RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        return new(Totp.Typed(secret), Totp.Uri(secret, account.Email),
            _sealed.Seal($"{account.Id}", Stamp(password), Convert.ToBase64String(secret)));
    }

    public byte[]? Read(AccountId account, PasswordRow? password, string? enrolment) =>
        _sealed.Open(enrolment) is [var id, var stamp, var secret] && id == $"{account}" && stamp == Stamp(password)
            ? Convert.FromBase64String(secret)
            : null;

    static string Stamp(PasswordRow? password) => password is null ? "-" : $"{password.Stamp}";
}

sealed class PrepareTwoStepHandler(Gate gate, SignInFlow flow, PasswordStore passwords, TwoStepStore store, Enrolments enrolments)
    : IRequestHandler<PrepareTwoStep, Outcome<TwoStepEnrolment>>, IRequestHandler<PrepareTwoStepAtSignIn, Outcome<TwoStepEnrolment>>
{
    public async Task<Outcome<TwoStepEnrolment>> Handle(PrepareTwoStep query, CancellationToken ct)
    {
        var account = await gate.MayAct(query.Account, ct);
        if (!account.Granted) return account.Refusal;
        return await store.OnSince(query.Account, ct) is null
            ? enrolments.Prepare(account.Value, await passwords.Of(query.Account, ct), query.Enrolment)
            : new TwoStepAlreadyOn();
    }

    public async Task<Outcome<TwoStepEnrolment>> Handle(PrepareTwoStepAtSignIn query, CancellationToken ct) =>
        await flow.At(SignInStep.SetUpTwoStep, query.Ticket, ct) is var (ticket, _)
            ? await Handle(new PrepareTwoStep(ticket.Account, query.Enrolment), ct)
            : new SignInTicketVoid();
}

sealed class ConfirmTwoStepHandler(Gate gate, SignInFlow flow, Throttle throttle, PasswordStore passwords, TwoStepStore store,
    Enrolments enrolments, TimeProvider clock)
    : IRequestHandler<ConfirmTwoStep, Outcome<TwoStepConfirmed>>, IRequestHandler<ConfirmTwoStepAtSignIn, Outcome<SignedInWithTwoStep>>
{
    public async Task<Outcome<TwoStepConfirmed>> Handle(ConfirmTwoStep command, CancellationToken ct)
    {
        var account = await gate.MayAct(command.Account, ct);
        if (!account.Granted) return account.Refusal;
        var password = await passwords.Of(command.Account, ct);
        if (enrolments.Read(command.Account, password, command.Enrolment) is not { } secret) return new EnrolmentVoid();
        var attempt = await throttle.Enter(ThrottledBy.Code, $"{command.Account}", command.Account, command.Origin.Address, ct);
        if (attempt.Pause is { } pause) return new TooManyAttempts(pause);
        var typed = command.Code is { Length: <= 40 } ? RecoveryCodes.Plain(command.Code) : "";
        if (Totp.Matches(secret, typed, clock.GetUtcNow()) is not [.., var step])
            return new InvalidValue("code", "This code does not match the key. Check that the time on your phone is correct.");
        await throttle.GiveBack(attempt, ct);
        return (await store.TurnOn(account.Value, password?.Stamp, secret, step, command.Origin with { Actor = command.Account.Value }, ct))
            .Map(codes => new TwoStepConfirmed(codes));
    }

    public async Task<Outcome<SignedInWithTwoStep>> Handle(ConfirmTwoStepAtSignIn command, CancellationToken ct)
    {
        if (await flow.At(SignInStep.SetUpTwoStep, command.Ticket, ct) is not var (ticket, password)) return new SignInTicketVoid();
        var confirmed = await Handle(new ConfirmTwoStep(ticket.Account, command.Enrolment, command.Code, command.Origin), ct);
        if (!confirmed.Granted) return confirmed.Refusal;
        // The code that turned it on is the code of this sign-in.
        return new SignedInWithTwoStep(confirmed.Value.RecoveryCodes,
            await flow.Continue(ticket.Account, password, codeShown: true, command.Device, command.Origin, ct));
    }
}

sealed class TurnOffTwoStepHandler(Gate gate, PasswordProof proof, PolicyResolver policies, TwoStepStore store)
    : IRequestHandler<TurnOffTwoStep, Outcome<Done>>, IRequestHandler<ReplaceRecoveryCodes, Outcome<TwoStepConfirmed>>
{
    public async Task<Outcome<Done>> Handle(TurnOffTwoStep command, CancellationToken ct)
    {
        var account = await gate.MayAct(command.Account, ct);
        if (!account.Granted) return account.Refusal;
        if (await store.OnSince(command.Account, ct) is null) return new TwoStepOff();
        if ((await policies.Account(command.Account, ct)).TwoStepMandatory) return new TwoStepMandatory();
        var shown = await proof.Show(account.Value, command.Password, "password", command.Origin, ct);
        if (!shown.Granted) return shown.Refusal;
        return await store.TurnOff(account.Value, shown.Value.Stamp, command.Origin, ct);
    }

    public async Task<Outcome<TwoStepConfirmed>> Handle(ReplaceRecoveryCodes command, CancellationToken ct)
    {
        var account = await gate.MayAct(command.Account, ct);
        if (!account.Granted) return account.Refusal;
        if (await store.OnSince(command.Account, ct) is null) return new TwoStepOff();
        var shown = await proof.Show(account.Value, command.Password, "password", command.Origin, ct);
        if (!shown.Granted) return shown.Refusal;
        return (await store.NewCodes(account.Value, shown.Value.Stamp, command.Origin, ct)).Map(codes => new TwoStepConfirmed(codes));
    }
}
