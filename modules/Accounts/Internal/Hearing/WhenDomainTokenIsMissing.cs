namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>Tells the admins at once, again before the deadline, and when the domain is lost (SPEC D9).
/// That the token is back is told to nobody.</summary>
sealed class WhenDomainTokenIsMissing(AccountReading accounts, MailQueue post, ProductUrl address)
    : INotificationHandler<DomainTokenMissing>, INotificationHandler<DomainDeadlineNear>, INotificationHandler<DomainLapsed>
{
    public Task Handle(DomainTokenMissing fact, CancellationToken ct) =>
        Tell(fact, new DomainTokenMissingLetter(fact.Name, (fact.At + Domain.Grace).InLetters(), fact.Evidence.Explanation, Page(fact)),
            ct);

    public Task Handle(DomainDeadlineNear fact, CancellationToken ct) =>
        Tell(fact, new DomainDeadlineNearLetter(fact.Name, fact.Deadline.InLetters(), Left(fact.Deadline - fact.At),
            fact.Evidence.Explanation, Page(fact)), ct);

    public Task Handle(DomainLapsed fact, CancellationToken ct) => Tell(fact, new DomainLostLetter(fact.Name, Page(fact)), ct);

    async Task Tell(DomainFact fact, Letter letter, CancellationToken ct) => await post.Send(
        [.. (await accounts.AdminsOf(fact.Organization))
            .Select(admin => new OutgoingMail(admin, letter, fact.Organization.Value,
                DeterministicGuid.Of(fact.Domain, fact.At.ToString("O", CultureInfo.InvariantCulture), admin, letter.Template)))], ct);

    string Page(DomainFact fact) => address.Link($"/o/{fact.Organization}/domains/{fact.Domain}");

    static string Left(TimeSpan time) => Math.Round(time.TotalDays) switch
    {
        < 1 => "A few hours",
        1 => "1 day",
        var days => string.Create(CultureInfo.InvariantCulture, $"{days} days"),
    };
}
