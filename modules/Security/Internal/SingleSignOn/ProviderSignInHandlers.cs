using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

namespace DirectoryPlatform.Security.Internal.SingleSignOn;

sealed class BeginProviderSignInHandler(IdentityProviderStore store, ProviderVisits visits, IMediator mediator, TimeProvider clock)
    : IRequestHandler<BeginProviderSignIn, Outcome<ProviderJourney>>
{
    public async Task<Outcome<ProviderJourney>> Handle(BeginProviderSignIn command, CancellationToken ct)
    {
        var row = await store.Of(command.Organization, ct);
        var settings = command.For is ProviderVisit.Test ? row?.Tested : row?.InForce;
        if (settings is null || !await IsTheirs(command, ct)) return new NotFound("identity provider");
        var (now, ours, request) = (clock.GetUtcNow(), store.Ours(command.Organization), ProviderRequest.New(command.For));
        return new ProviderJourney(SamlRequest.Address(settings.SignInAddress, request, ours.EntityId, ours.AnswersTo,
            command.For is ProviderVisit.Proof, now), request,
            visits.Seal(new(request, command.Organization, command.For, now, command.Visitor?.Session, command.ReturnTo)));
    }

    async Task<bool> IsTheirs(BeginProviderSignIn command, CancellationToken ct) => command.For switch
    {
        ProviderVisit.SignIn => true,
        ProviderVisit.Proof =>
            command.Visitor is { } visitor && await mediator.Send(new ReadProviderOf(visitor.Account), ct) == command.Organization,
        ProviderVisit.Test => command.Visitor.Allows(Permission.ManagePolicies, command.Organization),
    };
}

/// <summary>Ids of requests. A test's is told from the others, because it is answered to settings that may not be in force yet.</summary>
static class ProviderRequest
{
    const string Test = "_t", Other = "_s";

    /// <summary>An id of XML begins with no digit; the rest is random.</summary>
    public static string New(ProviderVisit visit) => (visit is ProviderVisit.Test ? Test : Other) + RandomToken.New();

    public static bool IsTest(string request) => request.StartsWith(Test, StringComparison.Ordinal);

    public static bool IsOne(string request) => request.Length == Test.Length + RandomToken.New().Length
        && (IsTest(request) || request.StartsWith(Other, StringComparison.Ordinal))
        && request.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}

sealed class ReceiveProviderAnswerHandler(IdentityProviderStore store, ProviderAnswers answers, TestAnswers tests, IMediator mediator,
    TimeProvider clock)
    : IRequestHandler<ReceiveProviderAnswer, Outcome<ProviderAnswered>>
{
    public async Task<Outcome<ProviderAnswered>> Handle(ReceiveProviderAnswer command, CancellationToken ct)
    {
        var xml = Xml(command.Response);
        if (xml is null) return new SamlUnreadable();
        var row = await store.Of(command.Organization, ct);
        var isTest = ProviderRequest.IsTest(SamlAnswer.RequestOf(xml));
        if ((isTest ? row?.Tested : row?.InForce) is not { } settings) return row is null ? new SamlNoProvider() : new SamlNotActive();
        var ours = store.Ours(command.Organization);
        var certificates = settings.Certificates.Select(CertificateText.Load).ToList();
        try
        {
            var expected = new SamlExpected(settings.EntityId, ours.EntityId, ours.AnswersTo, certificates);
            var answer = SamlAnswer.Read(xml, expected, clock.GetUtcNow());
            Outcome<ProviderAnswered> outcome = !answer.Granted ? answer.Refusal
                : !ProviderRequest.IsOne(answer.Value.Request) ? new SamlUnsolicited()
                : await Keep(command.Organization, answer.Value, row!.Version, ct);
            return isTest && SamlAnswer.SaidIn(xml, expected) is { } said
                ? With(outcome, tests.Seal(command.Organization, said))
                : outcome;
        }
        finally { certificates.ForEach(c => c.Dispose()); }
    }

    /// <summary>A provider speaks for the people whom its organization manages, and for nobody else, whatever address it names.</summary>
    async Task<Outcome<ProviderAnswered>> Keep(OrganizationId organization, SamlAnswer answer, long version, CancellationToken ct)
    {
        var email = EmailAddress.Parse(answer.Name);
        if (!email.Granted) return new SamlNoEmail();
        if (await mediator.Send(new FindAccount(email.Value), ct) is not { } account || account.ManagedBy != organization)
            return new SamlNotOfThisOrganization();
        return await answers.Keep(organization, answer, account.Id, version, ct) is { } ticket
            ? new ProviderAnswered(answer.Request, ticket)
            : new SamlUsed();
    }

    static Outcome<ProviderAnswered> With(Outcome<ProviderAnswered> outcome, string? said) =>
        outcome.Granted ? outcome.Value with { Said = said }
        : outcome.Refusal is SamlRefusal refusal ? refusal with { Said = said }
        : outcome;

    static string? Xml(string? base64)
    {
        if (base64 is null || base64.Length > StrictXml.MostCharacters) return null;
        try { return StrictXml.Text(Convert.FromBase64String(base64)); }
        catch (FormatException) { return null; }
    }
}
