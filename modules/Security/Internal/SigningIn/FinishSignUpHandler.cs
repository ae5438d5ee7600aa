using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Security.Internal.Policies;
using MediatR;

namespace DirectoryPlatform.Security.Internal.SigningIn;

sealed class ReadSignUpHandler(IMediator mediator) : IRequestHandler<ReadSignUp, Outcome<AccountView>>
{
    public Task<Outcome<AccountView>> Handle(ReadSignUp query, CancellationToken ct) =>
        mediator.Send(new ReadVerificationLink(query.Token), ct);
}

/// <summary>
/// The link is used up in the transaction that writes the password; the verifying turn follows. A process that is killed between leaves
/// an account that waits, with a password that was set behind its
/// link: the forgotten password, or signing up again, mails another link.
/// </summary>
sealed class FinishSignUpHandler(IMediator mediator, ILimiter limiter, PasswordStore passwords, PasswordHashing hashing,
    PolicyResolver policies)
    : IRequestHandler<FinishSignUp, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(FinishSignUp command, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.VerificationLink, command.Origin, command.Token, ct) is { } closed) return closed;
        var waiting = await mediator.Send(new ReadVerificationLink(command.Token), ct);
        if (!waiting.Granted) return waiting.Refusal;
        var (account, email) = (waiting.Value, EmailAddress.Trusted(waiting.Value.Email));
        var owner = await mediator.Send(new WhoOwnsDomain(email.Domain), ct);
        var claimFor = owner is { AutomaticClaim: true } ? owner.Organization : (OrganizationId?)null;
        var rules = await policies.OfNewcomer(account, claimFor, ct);
        if (PasswordMeter.Measure(command.Password, [account.Email, account.Name], rules).Refusal is { } weak) return weak;
        var entered = hashing.Enter(HashLane.Link);
        if (!entered.Granted) return entered.Refusal;
        using var seat = entered.Value;
        var giving = await passwords.GivingAfresh(account.Id, command.Password!, seat, ct);
        return (await mediator.Send(new FollowVerificationLink(command.Token, giving, claimFor, command.Origin), ct)).Map(_ => Done.It);
    }
}
