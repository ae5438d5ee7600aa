using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

namespace DirectoryPlatform.Security.Internal.SingleSignOn;

/// <summary>The one gate is asked here as after a password (SPEC A9); the provider has only said who it is.</summary>
sealed class FinishProviderSignInHandler(
    ProviderVisits visits, ProviderAnswers answers, ProviderTickets tickets, IdentityProviderStore providers, SignInReading reading,
    SessionStore sessions, TwoStepStore twoStep, CodeProof codes, Gate gate, IMediator mediator)
    : IRequestHandler<FinishProviderSignIn, Outcome<ProviderSignInFinished>>,
    IRequestHandler<GiveCodeAfterProvider, Outcome<ProviderSignInFinished>>
{
    public async Task<Outcome<ProviderSignInFinished>> Handle(FinishProviderSignIn command, CancellationToken ct)
    {
        if (visits.Open(command.Sealed) is not { } asked) return new SamlOtherBrowser();
        if (command.Ticket is not { Length: > 0 and <= 100 } ticket || await answers.Take(ticket, asked, ct) is not { } answer)
            return new SamlUsed();
        var shown = new ShownByProvider(answer.Account, asked.Organization, asked.For, asked.Session, answer.Stamp, asked.ReturnTo);
        return asked.For switch
        {
            ProviderVisit.SignIn => await SignIn(shown, false, command.Device, command.Origin, ct),
            ProviderVisit.Proof => await Prove(shown, answer.AuthenticatedAt >= asked.BegunAt - SamlAnswer.Skew, false, command.Visitor,
                command.Origin, ct),
            ProviderVisit.Test => await Test(command, asked, answer, ct),
        };
    }

    public async Task<Outcome<ProviderSignInFinished>> Handle(GiveCodeAfterProvider command, CancellationToken ct)
    {
        if (tickets.Read(command.Ticket) is not { } shown) return new SignInTicketVoid();
        // Nobody who may not act uses up a code.
        var account = await gate.MayAct(shown.Account, ct);
        if (!account.Granted) return account.Refusal;
        if (await codes.Refused(shown.Account, command.Code, command.Origin, ct) is { } refusal) return refusal;
        return shown.For is ProviderVisit.SignIn
            ? await SignIn(shown, true, command.Device, command.Origin, ct)
            : await Prove(shown, true, true, command.Visitor, command.Origin, ct);
    }

    /// <summary>An organization's provider speaks for that organization. The second step of whoever administers another one guards that
    /// one, too, and its provider does not go around it (SPEC S13).</summary>
    static bool AdministersAnother(IReadOnlyList<OrganizationId> adminOf, OrganizationId provider) =>
        adminOf.Any(organization => organization != provider);

    StepNeeded Code(ShownByProvider shown) => new(SignInStep.TwoStepCode, tickets.Issue(shown), shown.ReturnTo);

    async Task<Outcome<ProviderSignInFinished>> SignIn(ShownByProvider shown, bool codeShown, string device, Origin origin,
        CancellationToken ct)
    {
        var found = await mediator.Send(new FindPerson(null, shown.Account), ct);
        if (found is null || await reading.Of(found, device, origin, ct) is not { } person) return new NotFound("account");
        var account = Gate.MayAct(person.Account);
        if (account.Refusal is VerifyEmailFirst)
            await mediator.Send(new SendVerificationMail(shown.Account, null, origin with { Actor = shown.Account.Value }), ct);
        if (!account.Granted) return account.Refusal;
        // Unclaimed or put under another policy meanwhile: the provider has no say any more.
        if (account.Value.ManagedBy != shown.Organization) return new SamlNotOfThisOrganization();
        if (!person.Rules.SingleSignOn) return new SamlNotAskedForHere();
        if (!codeShown && person.TwoStepOn && AdministersAnother(account.Value.AdminOf, shown.Organization)) return Code(shown);
        var begun = await sessions.Begin(person, device, origin, ct, byProvider: true);
        // As after a password: a reset that was written meanwhile did not see this session.
        // It voids answers, but this one was taken before.
        if (begun.Found.Stamp != shown.Stamp || !begun.Found.SameAccount)
        {
            var why = begun.Found.SameAccount ? "password reset" : "account changed";
            await sessions.Undo(shown.Account, begun.Session, why, origin, ct);
            return new SignInTicketVoid();
        }
        return new ProviderSignInFinished(shown.For, shown.Organization, shown.ReturnTo, begun.Token, account.Value.Email, false);
    }

    /// <summary>In the session in which it was asked for, by the person whose it is, and asked by the provider since then.</summary>
    async Task<Outcome<ProviderSignInFinished>> Prove(ShownByProvider shown, bool afresh, bool codeShown, Visitor? by, Origin origin,
        CancellationToken ct)
    {
        if (by is not { } visitor || visitor.Session != shown.Session) return new SamlOtherBrowser();
        if (visitor.Account != shown.Account) return new SamlOtherPerson();
        if (!afresh) return new SamlNotAfresh();
        if (!codeShown && AdministersAnother(visitor.AdminOf, shown.Organization)
            && await twoStep.OnSince(visitor.Account, ct) is not null) return Code(shown);
        await sessions.Proved(visitor, origin, ct);
        return new ProviderSignInFinished(shown.For, shown.Organization, shown.ReturnTo, null, visitor.Email, false);
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
