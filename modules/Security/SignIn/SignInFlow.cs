using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Policies;
using DirectoryPlatform.Security.Sessions;
using DirectoryPlatform.Security.SignInRules;
using DirectoryPlatform.Security.TwoStep;
using MediatR;
using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security
{
    /// <summary>What can be left to do between the right password and the session, in this order (SPEC S1, S2, M7).</summary>
    public enum SignInStep { TwoStepCode, NewPassword, SetUpTwoStep }
}

namespace DirectoryPlatform.Security.SignInRules
{
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
        IMediator mediator, Gate gate, PasswordStore passwords, TwoStepStore twoStep, PolicyResolver policies, SessionStore sessions,
        SignInTickets tickets, DeletionTickets deletions, TimeProvider clock)
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
            CancellationToken ct)
        {
            var mayAct = await gate.MayAct(id, ct);
            if (mayAct.Refusal is VerifyEmailFirst)
                await mediator.Send(new SendVerificationMail(id, null, origin with { Actor = id.Value }), ct);
            if (!mayAct.Granted && mayAct.Refusal is not DeletionAtSignIn) return mayAct.Refusal;
            var standing = await Standing(id, password, codeShown, ct);
            // Turned on since the first step: a password does not do any more, however far it has come.
            if (standing.Rules.SingleSignOn && mayAct is { Granted: true, Value.ManagedBy: { } organization })
                return new SignInAtProvider(organization);
            var next = standing.Next(clock.GetUtcNow());
            if (mayAct.Refusal is DeletionAtSignIn refused) return await WhileBeingDeleted(id, refused, next, password, ct);
            if (next is { } step) return Needed(step, id, password, codeShown);
            var (session, token) = await sessions.Begin(id, device, origin, ct);
            if (await passwords.Settled(id, ct) == password) return new SignedIn(token, id);
            // Changed or reset while this sign-in was under way: what ended the others may have run before this one began. The session in
            // which it was changed stays.
            await sessions.Undo(session, "password changed", ct);
            return new SignInTicketVoid();
        }

        StepNeeded Needed(SignInStep step, AccountId id, PasswordRow password, bool codeShown) =>
            new(step, tickets.Issue(new(id, password.Stamp, codeShown)));

        /// <summary>Only who manages the own account may cancel its deletion (SPEC A12); others ask their admin. The offer comes after the
        /// code, since taking it signs in.</summary>
        async Task<Outcome<SignedIn>> WhileBeingDeleted(AccountId id, DeletionAtSignIn refused, SignInStep? next, PasswordRow password,
            CancellationToken ct)
        {
            var account = await mediator.Send(new ReadAccount(id), ct);
            if (!account.Granted || account.Value.ManagedBy is not null || refused.DueAt is not { } dueAt) return refused;
            return next is SignInStep.TwoStepCode
                ? Needed(SignInStep.TwoStepCode, id, password, codeShown: false)
                : new OwnDeletionAtSignIn(dueAt, deletions.Issue(id, dueAt, password.Stamp));
        }
    }
}
