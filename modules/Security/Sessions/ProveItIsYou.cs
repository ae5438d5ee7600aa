using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Sessions;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// The person at the session shows the password again, before something that cannot be taken back. Throttled as a sign-in is, because
/// whoever has found an open browser would guess here. A second factor would be one more thing to show here,
/// and one more refusal until it is.
/// </summary>
/// <param name="Visitor">As the gate recognised it.</param>
public sealed record ProveItIsYou(Visitor Visitor, string? Password, Origin Origin) : IRequest<Outcome<Done>>;

sealed class ProveItIsYouHandler(IMediator mediator, PasswordProof proof, SessionStore sessions)
    : IRequestHandler<ProveItIsYou, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ProveItIsYou command, CancellationToken ct)
    {
        var account = await mediator.Send(new ReadAccount(command.Visitor.Account), ct);
        if (!account.Granted) return account.Refusal;
        var shown = await proof.Show(account.Value, command.Password, "password", command.Origin, ct);
        if (!shown.Granted) return shown.Refusal;
        await sessions.Proved(command.Visitor.Session, ct);
        return Done.It;
    }
}
