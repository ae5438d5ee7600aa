using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.SignInRules;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// Carries a change of address out by the link that went to the new mailbox (SPEC A15). The link alone does not do: whoever follows it is
/// signed in as that person, or shows the password; otherwise somebody who had a browser for a minute would move the account to a mailbox
/// of their own.
/// </summary>
/// <param name="Visitor">Who is signed in here; null for nobody.</param>
/// <param name="Password">Asked for from everybody else; refused with <see cref="PasswordNeeded"/> when it is null.</param>
public sealed record ConfirmNewEmail([property: Secret] string? Token, Visitor? Visitor, [property: Secret] string? Password,
    Origin Origin) : IRequest<Outcome<EmailAddress>>;

/// <summary>Whether the link is good, and whether whoever follows it has to show the password; changes nothing.</summary>
/// <returns>True when the password is needed.</returns>
public sealed record ReadNewEmail(string? Token, Visitor? Visitor) : IRequest<Outcome<NewEmail>>;

/// <param name="NeedsPassword">Whether nobody is signed in here as the person who has asked.</param>
public sealed record NewEmail(string Email, bool NeedsPassword);

public sealed record PasswordNeeded()
    : Refusal("passwordNeeded", "Enter the password of the account, or sign in to it in this browser and follow the link again.");

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
