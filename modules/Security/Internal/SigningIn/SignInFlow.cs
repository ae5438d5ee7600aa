using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>How far somebody has come who has shown the right password. Pure: says what is next.</summary>
sealed record SignInStanding(bool TwoStepOn, bool CodeShown, bool MustChange, DateTimeOffset PasswordSetAt, PolicyRules Rules)
{
    /// <returns>Null when nothing is left but the session.</returns>
    public SignInStep? Next(DateTimeOffset now) => this switch
    {
        { TwoStepOn: true, CodeShown: false } => SignInStep.TwoStepCode,
        { MustChange: true } => SignInStep.NewPassword,
        _ when Rules.PasswordExpiry is { } expiry && PasswordSetAt + expiry <= now => SignInStep.NewPassword,
        { TwoStepOn: false, Rules.TwoStepMandatory: true } => SignInStep.SetUpTwoStep,
        _ => null,
    };
}

/// <param name="Stamp">Of the password that was shown: a change or a reset by then voids the ticket (SPEC A14).</param>
sealed record SignInTicket(AccountId Account, Guid Stamp, bool CodeShown);

/// <summary>Carries a sign-in from step to step: sealed by the keys that all nodes share;
/// nothing is stored, and it is no session.</summary>
sealed class SignInTickets(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>As long as <see cref="DeletionTickets"/>: time to find the phone.</summary>
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    readonly SealedWords _sealed = new(protection.CreateProtector("sign-in step"), clock, Life);

    public string Issue(SignInTicket ticket) =>
        _sealed.Seal($"{ticket.Account}", $"{ticket.Stamp}", ticket.CodeShown ? "code" : "password");

    public SignInTicket? Read(string? ticket) => _sealed.Open(ticket) is [var account, var stamp, var shown]
        && Guid.TryParse(stamp, out var read)
        ? new(new(Guid.Parse(account)), read, shown == "code")
        : null;
}

/// <summary>After the password: asks the gate, then for whatever step is next, and at last begins the session. Every step comes back
/// here, so that nothing can be skipped.</summary>
sealed class SignInFlow(
    IMediator mediator, SignInReading reading, PasswordStore passwords, TwoStepStore twoStep, PolicyResolver policies,
    SessionStore sessions, Throttle throttle, SignInTickets tickets, DeletionTickets deletions, TimeProvider clock)
{
    public async Task<SignInStanding> Standing(AccountId account, PasswordRow password, bool codeShown, CancellationToken ct) =>
        new(await twoStep.OnSince(account, ct) is not null, codeShown, password.MustChange, password.SetAt,
            await policies.Account(account, ct));

    /// <summary>The account and password behind a ticket, when it is still good and leads to this step now.</summary>
    public async Task<(SignInTicket Ticket, PasswordRow Password)?> At(SignInStep step, string? ticket, CancellationToken ct) =>
        tickets.Read(ticket) is { } read && await passwords.Of(read.Account, ct) is { } password && password.Stamp == read.Stamp
            && (await Standing(read.Account, password, read.CodeShown, ct)).Next(clock.GetUtcNow()) == step
            ? (read, password)
            : null;

    public async Task<Outcome<SignedIn>> Continue(AccountId id, PasswordRow password, bool codeShown, string device, Origin origin,
        CancellationToken ct) =>
        await mediator.Send(new FindPerson(null, id), ct) is { } found && await reading.Of(found, device, origin, ct) is { } person
            ? await Continue(person with { Password = password }, codeShown, device, origin, null, ct)
            : new NotFound("account");

    /// <param name="person">With the password that was shown.</param>
    /// <param name="attempt">Given back, since it was right.</param>
    public async Task<Outcome<SignedIn>> Continue(SignInPerson person, bool codeShown, string device, Origin origin, Attempt? attempt,
        CancellationToken ct)
    {
        var password = person.Password!;
        var mayAct = Gate.MayAct(person.Account);
        var next = new SignInStanding(person.TwoStepOn, codeShown, password.MustChange, password.SetAt, person.Rules)
            .Next(clock.GetUtcNow());
        // Turned on since the first step: a password does not do any more, however far it has come.
        var elsewhere = mayAct.Granted && person.Rules.SingleSignOn ? person.Account.ManagedBy : null;
        if (!mayAct.Granted || elsewhere is not null || next is not null)
        {
            if (attempt is { } right) await throttle.GiveBack(right, ct);
            if (mayAct.Refusal is VerifyEmailFirst)
                await mediator.Send(new SendVerificationMail(person.Account.Id, null, origin with { Actor = person.Account.Id.Value }),
                    ct);
            if (mayAct.Refusal is DeletionAtSignIn refused) return WhileBeingDeleted(person.Account, refused, next, password);
            if (!mayAct.Granted) return mayAct.Refusal;
            if (elsewhere is { } organization) return new SignInAtProvider(organization);
            return Needed(next!.Value, person.Account.Id, password, codeShown);
        }
        var begun = await sessions.Begin(person, device, origin, ct, right: attempt);
        // Changed or reset while this sign-in was under way: what ended the others may have run before this one began. The session in
        // which it was changed stays.
        var same = begun.Found.SameAccount;
        if (same && begun.Found.Stamp == password.Stamp && begun.Found.MustChange == password.MustChange)
            return new SignedIn(begun.Token, person.Account.Id);
        await sessions.Undo(person.Account.Id, begun.Session, same ? "password changed" : "account changed", origin, ct);
        return same ? new SignInTicketVoid() : await Continue(person.Account.Id, password, codeShown, device, origin, ct);
    }

    StepNeeded Needed(SignInStep step, AccountId id, PasswordRow password, bool codeShown) =>
        new(step, tickets.Issue(new(id, password.Stamp, codeShown)));

    /// <summary>Only who manages the own account may cancel its deletion, and only the own one (SPEC A12): what an organization has
    /// scheduled goes on when it loses the domain. The offer comes after the code, since taking it signs in.</summary>
    Outcome<SignedIn> WhileBeingDeleted(AccountView account, DeletionAtSignIn refused, SignInStep? next, PasswordRow password) =>
        refused.Managed || !refused.Own || refused.DueAt is not { } dueAt ? refused
        : next is SignInStep.TwoStepCode ? Needed(SignInStep.TwoStepCode, account.Id, password, codeShown: false)
        : new OwnDeletionAtSignIn(dueAt, deletions.Issue(account.Id, dueAt, password.Stamp));
}
