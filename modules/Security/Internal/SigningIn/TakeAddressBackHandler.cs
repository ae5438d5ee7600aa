using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security.Internal.SigningIn;

sealed class TakeAddressBackHandler(IMediator mediator, ILimiter limiter, BegunSince begun)
    : IRequestHandler<TakeAddressBack, Outcome<EmailAddress>>
{
    public async Task<Outcome<EmailAddress>> Handle(TakeAddressBack command, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.EmailChangeLink, command.Origin, command.Token, ct) is { } closed) return closed;
        var left = await mediator.Send(new ReadLeftEmail(command.Token), ct);
        if (!left.Granted) return left.Refusal;
        var taken = await mediator.Send(new TakeEmailAddressBack(left.Value.Account, left.Value.Id, left.Value.Email, left.Value.Since,
            command.Origin), ct);
        if (!taken.Granted) return taken.Refusal is EmailUnchanged ? new LinkVoid() : taken.Refusal;
        // The fact does the same, for the case that this process dies here; before the page says so it is done.
        await begun.End((EmailAddressChanged)taken.Value, command.Origin, ct);
        return left.Value.Email;
    }
}
