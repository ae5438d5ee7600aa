using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Sessions;
using DirectoryPlatform.Security.SignInRules;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// The person at the session shows the password again, before something that cannot be taken back. Throttled as a sign-in is, because whoever has found an open browser would guess here.
/// A second factor would be one more thing to show here, and one more refusal until it is.
/// </summary>
/// <param name="Visitor">As the gate recognised it.</param>
public sealed record ProveItIsYou(Visitor Visitor, string? Password, Origin Origin) : IRequest<Outcome<Done>>;

sealed class ProveItIsYouHandler(PasswordStore passwords, PasswordHashing hashing, Throttle throttle, SessionStore sessions) : IRequestHandler<ProveItIsYou, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ProveItIsYou command, CancellationToken ct)
    {
        var (visitor, password, address) = (command.Visitor, command.Password ?? "", command.Origin.Address);
        if (await throttle.Pause(visitor.Email, address, ct) is { } pause && pause > TimeSpan.Zero) return new TooManyAttempts((int)Math.Ceiling(pause.TotalSeconds));
        if (!await hashing.IsRight(await passwords.HashOf(visitor.Account, ct), password.Length <= 1_000 ? password : "", ct))
        {
            await throttle.Failed(visitor.Email, address, ct);
            return new NotYou();
        }
        await throttle.Succeeded(visitor.Email, ct);
        await sessions.Proved(visitor.Session, ct);
        return Done.It;
    }
}
