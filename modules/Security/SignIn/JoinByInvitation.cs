using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// Somebody without a usable account follows an invitation (SPEC U3). The link came by mail, so it verifies the address. An account that somebody began with this address and never verified
/// gets the new password in place of its own: whoever began it must not come in with it.
/// </summary>
/// <param name="Name">For a new account only.</param>
public sealed record JoinByInvitation(string? Token, string? Name, string? Password, Origin Origin) : IRequest<Outcome<SiteId>>;

public sealed record SignInToJoin() : Refusal("signInToJoin", "There is an account with this email address already. Sign in to it, and follow the link again.");

sealed class JoinByInvitationHandler(IMediator mediator) : IRequestHandler<JoinByInvitation, Outcome<SiteId>>
{
    /// <summary>SPEC M3.</summary>
    const int MaxName = 100;

    public async Task<Outcome<SiteId>> Handle(JoinByInvitation command, CancellationToken ct)
    {
        var read = await mediator.Send(new ReadInvitation(command.Token), ct);
        if (!read.Granted) return read.Refusal;
        var account = read.Value.State switch
        {
            null => await Create(command, EmailAddress.Trusted(read.Value.Email), ct),
            AccountState.Unverified => await TakeOver(command, read.Value.Account!.Value, EmailAddress.Trusted(read.Value.Email), ct),
            AccountState.Active => new SignInToJoin(),
            _ => new InvitedCannotAct(),
        };
        return account.Granted ? await mediator.Send(new AcceptInvitation(command.Token, account.Value, command.Origin), ct) : account.Refusal;
    }

    async Task<Outcome<AccountId>> Create(JoinByInvitation command, EmailAddress email, CancellationToken ct)
    {
        var name = command.Name?.Trim() ?? "";
        if (name.Length is 0 or > MaxName) return new InvalidValue("name", $"Enter a name of at most {MaxName} characters.");
        if (!name.All(PlainText.MayHold)) return new InvalidValue("name", "A name cannot hold line breaks or other control characters.");
        var id = new AccountId(Guid.CreateVersion7());
        if (await GivePassword(command, id, email, name, ct) is { } refusal) return refusal;
        var owner = await mediator.Send(new WhoOwnsDomain(email.Domain), ct);
        var signedUp = await mediator.Send(new SignUpAccount(id, email, name, true, owner is { AutomaticClaim: true } ? owner.Organization : null, command.Origin with { Actor = id.Value }), ct);
        return signedUp.Granted ? id : signedUp.Refusal is EmailTaken ? new InvitationVoid() : signedUp.Refusal;
    }

    async Task<Outcome<AccountId>> TakeOver(JoinByInvitation command, AccountId id, EmailAddress email, CancellationToken ct)
    {
        if (await GivePassword(command, id, email, "", ct) is { } refusal) return refusal;
        var verified = await mediator.Send(new VerifyEmailAddress(id, email, command.Origin with { Actor = id.Value }), ct);
        return verified.Granted ? id : new InvitationVoid();
    }

    /// <summary>The password first: an account without one could never be signed in to.</summary>
    async Task<Refusal?> GivePassword(JoinByInvitation command, AccountId id, EmailAddress email, string name, CancellationToken ct) =>
        (await mediator.Send(new MeasurePassword(command.Password, null, email.Value, name), ct)).Refusal ?? (await mediator.Send(new GivePassword([id], command.Password!), ct)).Refusal;
}
