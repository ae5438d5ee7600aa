using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security.Internal.Letters;
using MediatR;

namespace DirectoryPlatform.Security.Internal.SigningIn;

sealed class SignUpHandler(IMediator mediator, ILimiter limiter, MailQueue post, ProductUrl address, TimeProvider clock)
    : IRequestHandler<SignUp, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(SignUp command, CancellationToken ct)
    {
        var read = PlainText.ReadName(command.Name);
        if (!read.Granted) return read.Refusal;
        var name = read.Value;
        if (StrangersName.LooksLikeAddress(name))
            return new InvalidValue("name",
                "A name cannot hold a web address or an email address. Enter the name that people call you by.");
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return email.Refusal;
        // Whoever took it first would keep an account from losing its address.
        if (FormerAddress.Is(email.Value))
            return new InvalidValue("email", "No mail reaches this address: it stands for one that an account has lost.");
        if (await limiter.Enter(Doors.SignUp, command.Origin, email.Value.Value, ct) is { } closed) return closed;
        var existing = await mediator.Send(new FindAccount(email.Value), ct);
        if (existing is null)
        {
            var (id, listedBy) = (new AccountId(Guid.CreateVersion7()), await ListedBy(email.Value, ct));
            var signedUp = await mediator
                .Send(new SignUpAccount(id, email.Value, name, false, listedBy, command.Origin with { Actor = id.Value }), ct);
            if (signedUp.Granted) return await SendLink(id, command.Origin, ct);
            if (signedUp.Refusal is not EmailTaken) return signedUp.Refusal;
            existing = await mediator.Send(new FindAccount(email.Value), ct);
        }
        // The same answer as for a new address; only the owner of the mailbox learns the difference.
        if (existing is { State: AccountState.Unverified }) return await SendLink(existing.Id, command.Origin, ct);
        await post.Send([new(email.Value.Value, new SignedUpAgainLetter(address.Link("/sign-in")),
            Id: DeterministicGuid.Of(email.Value, "signed up again", clock.GetUtcNow()
                .ToString("yyyy-MM-dd HH", CultureInfo.InvariantCulture)))],
                ct);
        return Done.It;
    }

    /// <summary>
    /// A link that went out a minute ago, or ten within a day, is answered like any other: whoever asks learns nothing of it.
    /// </summary>
    async Task<Outcome<Done>> SendLink(AccountId account, Origin origin, CancellationToken ct)
    {
        var sent = await mediator.Send(new SendVerificationMail(account, null, origin with { Actor = account.Value }), ct);
        return sent.Refusal is null or MailTooSoon or TooManyMails or EmailAlreadyVerified ? Done.It : sent.Refusal;
    }

    /// <summary>
    /// Who claims the domain automatically and shows the newcomer before the verification. Strangers do not fill that list: beyond so
    /// many a day, newcomers stand in it from the verification on.
    /// </summary>
    async Task<OrganizationId?> ListedBy(EmailAddress email, CancellationToken ct) =>
        await mediator.Send(new WhoOwnsDomain(email.Domain), ct) is { AutomaticClaim: true, Organization: var organization }
            && await mediator.Send(new TakeNewcomersPlace(organization, email.Domain), ct)
            ? organization : null;
}
