using System.Text.RegularExpressions;

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
                "A name cannot contain a web or email address. Enter the name that people call you.");
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return email.Refusal;
        // Whoever took it first would keep an account from losing its address.
        if (FormerAddress.Is(email.Value))
            return new InvalidValue("email", "This address cannot receive email: "
                + "it is a placeholder for an address that an account has lost.");
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
        (await mediator.Send(new WhoOwnsDomain(email.Domain), ct))?.Claimer is { } organization
            && await mediator.Send(new TakeNewcomersPlace(organization, email.Domain), ct)
            ? organization : null;
}

/// <summary>
/// The link is used up in the transaction that writes the password; the verifying turn follows. A process that is killed between leaves
/// an account that waits, with a password that was set behind its
/// link: the forgotten password, or signing up again, mails another link.
/// </summary>
sealed class FinishSignUpHandler(IMediator mediator, ILimiter limiter, PasswordStore passwords, PasswordHashing hashing,
    PolicyResolver policies)
    : IRequestHandler<ReadSignUp, Outcome<AccountView>>, IRequestHandler<FinishSignUp, Outcome<Done>>
{
    public Task<Outcome<AccountView>> Handle(ReadSignUp query, CancellationToken ct) =>
        mediator.Send(new ReadVerificationLink(query.Token), ct);

    public async Task<Outcome<Done>> Handle(FinishSignUp command, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.VerificationLink, command.Origin, command.Token, ct) is { } closed) return closed;
        var waiting = await mediator.Send(new ReadVerificationLink(command.Token), ct);
        if (!waiting.Granted) return waiting.Refusal;
        var (account, email) = (waiting.Value, EmailAddress.Trusted(waiting.Value.Email));
        var claimFor = (await mediator.Send(new WhoOwnsDomain(email.Domain), ct))?.Claimer;
        var rules = await policies.OfNewcomer(account, claimFor, ct);
        if (PasswordMeter.Measure(command.Password, [account.Email, account.Name], rules).Refusal is { } weak) return weak;
        var entered = hashing.Enter(HashLane.Link);
        if (!entered.Granted) return entered.Refusal;
        using var seat = entered.Value;
        var giving = await passwords.GivingAfresh(account.Id, command.Password!, seat, ct);
        return (await mediator.Send(new FollowVerificationLink(command.Token, giving, claimFor, command.Origin), ct)).Map(_ => Done.It);
    }
}

/// <summary>
/// What somebody unverified calls themselves goes into a mail to an address that anybody may type: it must not carry a link there.
/// </summary>
static partial class StrangersName
{
    public static bool LooksLikeAddress(string name) => Address().IsMatch(name);

    /// <summary>
    /// A scheme; "www."; an @ between characters; or a dot between words whose last one could be a top-level domain: in letters of one
    /// case, or one of those that people know. "J.R. Smith",
    /// "Dr.Meier", "St.John" and "Ph.D." are names.
    /// </summary>
    [GeneratedRegex(
        @"(?i:://|\bwww[.\u3002\uff0e\uff61])|\S@\S|[\p{L}\p{N}-]{2,}[.\u3002\uff0e\uff61](?:[\p{L}\p{N}-]+[.\u3002\uff0e\uff61])*"
        + @"(?:\p{Ll}{2,24}|\p{Lu}{2,24}|\p{Lo}{2,24}|(?i:xn--[a-z0-9-]+|com|net|org|info|biz|app|dev|xyz|top|site|online|shop"
        + @"|link|click|live|[a-z]{2}))(?![\p{L}\p{N}])",
        RegexOptions.CultureInvariant, 500)]
    private static partial Regex Address();
}
