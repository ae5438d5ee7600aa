using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Security.SignInRules;

sealed class SignUpHandler(IMediator mediator, Post post, PublicAddress address, TimeProvider clock) : IRequestHandler<SignUp, Outcome<Done>>
{
    /// <summary>SPEC M3.</summary>
    const int MaxName = 100;

    public async Task<Outcome<Done>> Handle(SignUp command, CancellationToken ct)
    {
        var name = command.Name?.Trim() ?? "";
        if (name.Length is 0 or > MaxName) return new InvalidValue("name", $"Enter a name of at most {MaxName} characters.");
        if (name.Any(char.IsControl)) return new InvalidValue("name", "A name cannot hold line breaks or other control characters.");
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return email.Refusal;
        if ((await mediator.Send(new MeasurePassword(command.Password, null, email.Value.Value, name), ct)).Refusal is { } weak) return weak;
        var owner = await mediator.Send(new WhoOwnsDomain(email.Value.Domain), ct);
        var id = new AccountId(Guid.CreateVersion7());
        // The password first: an account without one could never be signed in to. A password without an account harms nobody.
        var given = await mediator.Send(new GivePassword([id], command.Password!), ct);
        if (!given.Granted) return given.Refusal;
        var signedUp = await mediator.Send(new SignUpAccount(id, email.Value, name, false, owner is { AutomaticClaim: true } ? owner.Organization : null, command.Origin with { Actor = id.Value }), ct);
        if (signedUp.Granted)
            return await mediator.Send(new SendVerificationMail(id, null, command.Origin with { Actor = id.Value }), ct);
        if (signedUp.Refusal is not EmailTaken) return signedUp.Refusal;
        // The same answer as for a new address; only the owner of the mailbox learns the difference, once an hour at most.
        await post.Send([new(email.Value.Value, new SignedUpAgainLetter(address.Link("/sign-in")),
            Id: StableId.Of(email.Value, "signed up again", clock.GetUtcNow().ToString("yyyy-MM-dd HH", CultureInfo.InvariantCulture)))], ct);
        return Done.It;
    }
}
