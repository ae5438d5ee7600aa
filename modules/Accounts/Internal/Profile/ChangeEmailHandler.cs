namespace DirectoryPlatform.Accounts.Internal.Profile;

sealed class ChangeEmailHandler(IMediator mediator)
    : IRequestHandler<ChangeEmail, Outcome<Done>>, IRequestHandler<GiveEmail, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ChangeEmail command, CancellationToken ct)
    {
        var profile = await mediator.Send(new ReadProfile(command.Account, command.Organization,
            new(command.Origin.Actor ?? Guid.Empty))
        { Asker = command.Asker }, ct);
        if (!profile.Granted) return profile.Refusal;
        if (profile.Value.EmailRefusal is { } refusal) return refusal;
        var (email, seen) = (EmailAddress.Parse(command.Email), EmailAddress.Parse(command.Seen));
        if (!email.Granted) return email.Refusal;
        // Asked before the turn: a domain that is lost in between gives the account back afterwards, see WhenEmailAddressChanged.
        if ((await mediator.Send(new WhoOwnsDomain(email.Value.Domain), ct))?.Organization != command.Organization)
            return new EmailDomainForeign(email.Value.Domain);
        return (await mediator.Send(new ChangeEmailAddress(
            command.Account, command.Organization, seen.Granted ? seen.Value : EmailAddress.Trusted(""), email.Value, null, command.Origin)
        { Asker = command.Asker }, ct)).Map(_ => Done.It);
    }

    /// <summary>Whoever changes the same address at the same moment is overtaken at most so often.</summary>
    const int Tries = 5;

    public async Task<Outcome<Done>> Handle(GiveEmail command, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            var profile =
                await mediator.Send(new ReadProfile(command.Account, command.Organization, new(command.Origin.Actor ?? Guid.Empty)), ct);
            if (!profile.Granted) return profile.Refusal;
            var changed = await mediator
                .Send(new ChangeEmail(command.Account, command.Organization, profile.Value.Email, command.Email, command.Origin), ct);
            if (changed.Refusal is not EmailStale || tries == Tries) return changed;
        }
    }
}
