using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Sessions;
using MediatR;

namespace DirectoryPlatform.Security.SignInRules;

sealed class SignInHandler(IMediator mediator, PasswordStore passwords, PasswordHashing hashing, Throttle throttle, Gate gate, SessionStore sessions, DeletionTickets tickets) : IRequestHandler<SignIn, Outcome<SignedIn>>
{
    public async Task<Outcome<SignedIn>> Handle(SignIn command, CancellationToken ct)
    {
        var (typed, password, address) = (command.Email ?? "", command.Password ?? "", command.Origin.Address);
        if (await throttle.Pause(typed, address, ct) is { } pause && pause > TimeSpan.Zero) return new TooManyAttempts((int)Math.Ceiling(pause.TotalSeconds));
        var email = EmailAddress.Parse(typed);
        var account = email.Granted ? await mediator.Send(new FindAccount(email.Value), ct) : null;
        var hash = account is null ? null : await passwords.HashOf(account.Id, ct);
        // The right password of somebody who may not sign in is still no failure: only then may the answer say why.
        if (!await hashing.IsRight(hash, password.Length <= 1_000 ? password : "", ct))
        {
            await throttle.Failed(typed, address, ct);
            return new WrongCredentials();
        }
        await throttle.Succeeded(typed, ct);
        var mayAct = await gate.MayAct(account!.Id, ct);
        if (mayAct.Refusal is VerifyEmailFirst) await mediator.Send(new SendVerificationMail(account.Id, null, command.Origin with { Actor = account.Id.Value }), ct);
        // Only who manages the own account may cancel its deletion (SPEC A12); others ask their admin.
        if (mayAct.Refusal is DeletionAtSignIn { DueAt: { } dueAt } && account.ManagedBy is null) return new OwnDeletionAtSignIn(dueAt, tickets.Issue(account.Id, dueAt));
        return mayAct.Granted ? new SignedIn(await sessions.Begin(account.Id, command.Device, command.Origin, ct), account.Id) : mayAct.Refusal;
    }
}
