using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Saml;
using DirectoryPlatform.Security.Sessions;
using MediatR;

namespace DirectoryPlatform.Security.SignInRules;

sealed class SignInHandler(IMediator mediator, PasswordStore passwords, PasswordHashing hashing, ILimiter limiter, KnownNetworks networks,
    Throttle throttle, SsoDiscovery provider, SignInFlow flow)
    : IRequestHandler<SignIn, Outcome<SignedIn>>
{
    public async Task<Outcome<SignedIn>> Handle(SignIn command, CancellationToken ct)
    {
        var (typed, password) = (command.Email ?? "", command.Password ?? "");
        var email = EmailAddress.Parse(typed);
        var account = email.Granted ? await mediator.Send(new FindAccount(email.Value), ct) : null;
        var name = email.Granted ? email.Value.Value : typed;
        var known = await networks.Knows(account?.Id, command.Origin.Address, ct);
        if (!known && await limiter.Enter(Doors.SignIn, command.Origin, name, ct) is { } closed) return closed;
        var entered = hashing.Enter(known ? HashLane.Known : HashLane.SignIn);
        if (!entered.Granted) return entered.Refusal;
        using var seat = entered.Value;
        var attempt = await throttle.Enter(ThrottledBy.Password, name, account?.Id, command.Origin.Address, ct, known);
        if (attempt.Refusal is { } paused) return paused;
        var row = await passwords.Of(account?.Id ?? default, ct);
        var right = await hashing.IsRight(row?.Hash, password.Length <= PasswordHashing.Longest ? password : "", seat, ct);
        // Asked whatever was typed, so that whoever is led to a provider learns nothing of the password,
        // and unknown addresses take as long.
        if (await provider.Of(email.Granted ? email.Value : null, account, ct) is { } organization)
        {
            await throttle.GiveBack(attempt, ct);
            return new SignInAtProvider(organization);
        }
        // The right password of somebody who may not sign in is still no failure: only then may the answer say why.
        if (!right) return new WrongCredentials();
        await throttle.GiveBack(attempt, ct);
        return await flow.Continue(account!.Id, row!, codeShown: false, command.Device, command.Origin, ct);
    }
}
