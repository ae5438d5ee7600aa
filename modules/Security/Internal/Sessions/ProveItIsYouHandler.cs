using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Passwords;
using MediatR;

namespace DirectoryPlatform.Security.Internal.Sessions;

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
