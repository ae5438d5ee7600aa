using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Sessions;
using MediatR;

namespace DirectoryPlatform.Security.SignInRules;

sealed class SignInHandler(IMediator mediator, PasswordStore passwords, PasswordHashing hashing, Throttle throttle, SignInFlow flow) : IRequestHandler<SignIn, Outcome<SignedIn>>
{
    public async Task<Outcome<SignedIn>> Handle(SignIn command, CancellationToken ct)
    {
        var (typed, password) = (command.Email ?? "", command.Password ?? "");
        var email = EmailAddress.Parse(typed);
        var account = email.Granted ? await mediator.Send(new FindAccount(email.Value), ct) : null;
        var attempt = await throttle.Enter(ThrottledBy.Password, email.Granted ? email.Value.Value : typed, account?.Id, command.Origin.Address, ct);
        if (attempt.Pause is { } pause) return new TooManyAttempts(pause);
        var row = await passwords.Of(account?.Id ?? default, ct);
        // The right password of somebody who may not sign in is still no failure: only then may the answer say why.
        if (!await hashing.IsRight(row?.Hash, password.Length <= PasswordHashing.Longest ? password : "", ct)) return new WrongCredentials();
        await throttle.GiveBack(attempt, ct);
        return await flow.Continue(account!.Id, row!, codeShown: false, command.Device, command.Origin, ct);
    }
}

sealed class SignOutHandler(SessionStore sessions) : IRequestHandler<SignOut, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(SignOut command, CancellationToken ct)
    {
        if (!string.IsNullOrEmpty(command.Token)) await sessions.End(command.Token, "signed out", ct);
        return Done.It;
    }
}

sealed class WhoIsThisHandler(SessionStore sessions, Gate gate) : IRequestHandler<WhoIsThis, Visitor?>
{
    public async Task<Visitor?> Handle(WhoIsThis query, CancellationToken ct) =>
        query.Token.Length <= 100 && await sessions.Live(query.Token, ct) is var (session, id) && await gate.MayAct(id, ct) is { Granted: true, Value: var account }
            ? new Visitor(id, session, account.Email, account.Name, account.AdminOf)
            : null;
}
