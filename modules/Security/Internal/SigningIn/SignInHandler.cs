using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

namespace DirectoryPlatform.Security.Internal.SigningIn;

sealed class SignInHandler(IMediator mediator, SignInReading reading, PasswordHashing hashing, ILimiter limiter, Throttle throttle,
    SsoDiscovery provider, SignInFlow flow)
    : IRequestHandler<SignIn, Outcome<SignedIn>>
{
    public async Task<Outcome<SignedIn>> Handle(SignIn command, CancellationToken ct)
    {
        var (typed, password) = (command.Email ?? "", command.Password ?? "");
        var email = EmailAddress.Parse(typed);
        var found = email.Granted ? await mediator.Send(new FindPerson(email.Value), ct) : null;
        var name = email.Granted ? email.Value.Value : typed;
        var person = await reading.Of(found, command.Device, command.Origin, ct);
        var known = person is { IsKnown: true };
        if (!known && await limiter.Enter(Doors.SignIn, command.Origin, name, ct) is { } closed) return closed;
        var entered = hashing.Enter(known ? HashLane.Known : HashLane.SignIn);
        if (!entered.Granted) return entered.Refusal;
        using var seat = entered.Value;
        var attempt = await throttle.Enter(ThrottledBy.Password, name, found?.Account.Id, command.Origin.Address, ct, known);
        if (attempt.Refusal is { } paused) return paused;
        var right = await hashing.IsRight(person?.Password?.Hash, password.Length <= PasswordHashing.Longest ? password : "", seat, ct);
        // Asked whatever was typed, so that whoever is led to a provider learns nothing of the password,
        // and unknown addresses take as long.
        if (await provider.Of(email.Granted ? email.Value : null, person, ct) is { } organization)
        {
            await throttle.GiveBack(attempt, ct);
            return new SignInAtProvider(organization);
        }
        if (!right) return new WrongCredentials();
        // A hash waits in a queue: what the policy and the second step ask is what they ask now.
        if (await reading.Of(found, command.Device, command.Origin, ct) is not { } now) return new WrongCredentials();
        // The right password of somebody who may not sign in is still no failure: only then may the answer say why.
        return await flow.Continue(now with { Password = person!.Password }, codeShown: false, command.Device, command.Origin, attempt, ct);
    }
}
