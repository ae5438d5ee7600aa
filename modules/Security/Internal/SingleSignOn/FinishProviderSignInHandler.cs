using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

namespace DirectoryPlatform.Security.Internal.SingleSignOn;

/// <summary>The one gate is asked here as after a password (SPEC A9); the provider has only said who it is.</summary>
sealed class FinishProviderSignInHandler(
    ProviderVisits visits, ProviderAnswers answers, IdentityProviderStore providers, SignInReading reading, SessionStore sessions,
    IMediator mediator)
    : IRequestHandler<FinishProviderSignIn, Outcome<ProviderSignInFinished>>
{
    public async Task<Outcome<ProviderSignInFinished>> Handle(FinishProviderSignIn command, CancellationToken ct)
    {
        if (visits.Open(command.Sealed) is not { } asked) return new SamlOtherBrowser();
        if (command.Ticket is not { Length: > 0 and <= 100 } ticket || await answers.Take(ticket, asked, ct) is not { } answer)
            return new SamlUsed();
        return asked.For switch
        {
            ProviderVisit.SignIn => await SignIn(command, asked, answer, ct),
            ProviderVisit.Proof => await Prove(command, asked, answer, ct),
            ProviderVisit.Test => await Test(command, asked, answer, ct),
        };
    }

    async Task<Outcome<ProviderSignInFinished>> SignIn(FinishProviderSignIn command, BegunVisit asked, TakenAnswer answer,
        CancellationToken ct)
    {
        var found = await mediator.Send(new FindPerson(null, answer.Account), ct);
        if (found is null || await reading.Of(found, command.Device, command.Origin, ct) is not { } person) return new NotFound("account");
        var account = Gate.MayAct(person.Account);
        if (account.Refusal is VerifyEmailFirst)
            await mediator.Send(new SendVerificationMail(answer.Account, null, command.Origin with { Actor = answer.Account.Value }), ct);
        if (!account.Granted) return account.Refusal;
        // Unclaimed or put under another policy meanwhile: the provider has no say any more.
        if (account.Value.ManagedBy != asked.Organization) return new SamlNotOfThisOrganization();
        if (!person.Rules.SingleSignOn) return new SamlNotAskedForHere();
        var begun = await sessions.Begin(person, command.Device, command.Origin, ct, byProvider: true);
        // As after a password: a reset that was written meanwhile did not see this session.
        // It voids answers, but this one was taken before.
        if (begun.Found.Stamp != answer.Stamp || !begun.Found.SameAccount)
        {
            var why = begun.Found.SameAccount ? "password reset" : "account changed";
            await sessions.Undo(answer.Account, begun.Session, why, command.Origin, ct);
            return new SignInTicketVoid();
        }
        return new ProviderSignInFinished(asked.For, asked.Organization, asked.ReturnTo, begun.Token, account.Value.Email, false);
    }

    /// <summary>In the session in which it was asked for, by the person whose it is, and asked by the provider since then.</summary>
    async Task<Outcome<ProviderSignInFinished>> Prove(FinishProviderSignIn command, BegunVisit asked, TakenAnswer answer,
        CancellationToken ct)
    {
        if (command.Visitor is not { } visitor || visitor.Session != asked.Session) return new SamlOtherBrowser();
        if (visitor.Account != answer.Account) return new SamlOtherPerson();
        if (answer.AuthenticatedAt < asked.BegunAt - SamlAnswer.Skew) return new SamlNotAfresh();
        await sessions.Proved(visitor, command.Origin, ct);
        return new ProviderSignInFinished(asked.For, asked.Organization, asked.ReturnTo, null, visitor.Email, false);
    }

    async Task<Outcome<ProviderSignInFinished>> Test(FinishProviderSignIn command, BegunVisit asked, TakenAnswer answer,
        CancellationToken ct)
    {
        if (command.Visitor is not { } visitor || visitor.Session != asked.Session
            || !visitor.Allows(Permission.ManagePolicies, asked.Organization))
            return new SamlOtherBrowser();
        var named = await mediator.Send(new ReadAccount(answer.Account), ct);
        if (!named.Granted || named.Value.ManagedBy != asked.Organization) return new SamlNotOfThisOrganization();
        var adopted = await providers.Adopt(asked.Organization, answer.SettingsVersion, command.Origin, ct);
        return new ProviderSignInFinished(asked.For, asked.Organization, null, null, named.Value.Email, adopted);
    }
}
