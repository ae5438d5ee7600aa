using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Passwords;
using MediatR;

namespace DirectoryPlatform.Security.Internal.SigningIn;

sealed class ConfirmNewEmailHandler(IMediator mediator, ILimiter limiter, Gate gate, PasswordProof proof) :
    IRequestHandler<ConfirmNewEmail, Outcome<EmailAddress>>, IRequestHandler<ReadNewEmail, Outcome<NewEmail>>
{
    public async Task<Outcome<NewEmail>> Handle(ReadNewEmail query, CancellationToken ct)
    {
        var waiting = await mediator.Send(new ReadEmailChange(query.Token), ct);
        return waiting.Granted ? new NewEmail(waiting.Value.Email, !IsThere(query.Visitor, waiting.Value)) : waiting.Refusal;
    }

    public async Task<Outcome<EmailAddress>> Handle(ConfirmNewEmail command, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.EmailChangeLink, command.Origin, command.Token, ct) is { } closed) return closed;
        var waiting = await mediator.Send(new ReadEmailChange(command.Token), ct);
        if (!waiting.Granted) return waiting.Refusal;
        var origin = command.Origin with { Actor = waiting.Value.Account.Value };
        if (!IsThere(command.Visitor, waiting.Value))
        {
            if (command.Password is null) return new PasswordNeeded();
            var account = await gate.MayAct(waiting.Value.Account, ct);
            if (!account.Granted) return account.Refusal;
            var shown = await proof.Show(account.Value, command.Password, "password", origin, ct);
            if (!shown.Granted) return shown.Refusal;
        }
        return await mediator.Send(new FollowEmailChangeLink(command.Token, origin), ct);
    }

    /// <summary>A cookie's session, not a program's token.</summary>
    static bool IsThere(Visitor? visitor, WaitingEmail waiting) => visitor is { Means: "web" } && visitor.Account == waiting.Account;
}
