namespace DirectoryPlatform.Accounts.Internal.Claiming;

/// <summary>Claims one person, and keeps the list of those whom automatic claiming leaves alone.</summary>
sealed class ClaimingHandlers(AccountReading accounts, IMediator mediator, NpgsqlDataSource database, TimeProvider clock)
    : IRequestHandler<ReadClaimable, Outcome<ClaimablePerson>>, IRequestHandler<ClaimPerson, Outcome<AccountFact>>,
    IRequestHandler<ReadExclusionList, Outcome<ExclusionPage>>, IRequestHandler<ExcludeByEmail, Outcome<AccountFact>>
{
    public async Task<Outcome<ClaimablePerson>> Handle(ReadClaimable query, CancellationToken ct) =>
        await Find(query.Organization, query.Account, ct) is var (account, email)
            ? new ClaimablePerson(account.Name, email.Value,
                account.Claim(query.Organization, email.Domain, evenIfExcluded: true, clock.GetUtcNow()).Refusal)
            : new NotFound("account");

    public async Task<Outcome<AccountFact>> Handle(ClaimPerson command, CancellationToken ct)
    {
        if (await Find(command.Organization, command.Account, ct) is not var (account, email)) return new NotFound("account");
        var claimed = await mediator.Send(
            new ClaimAccount(account.Id, command.Organization, email.Domain, EvenIfExcluded: true, command.Origin), ct);
        if (!claimed.Granted || await Owns(command.Organization, email, ct)) return claimed;
        // Lost meanwhile: the unclaiming that follows may have passed this account already.
        await mediator.Send(new UnclaimAccount(account.Id, command.Organization, Exclude: false, command.Origin), ct);
        return new NotFound("account");
    }

    /// <summary>Whom another organization manages is nobody here: no name, no address.</summary>
    async Task<(Account, EmailAddress)?> Find(OrganizationId organization, AccountId id, CancellationToken ct) =>
        await accounts.Of("id", id.Value, ct) is { Email: { } email } account
            && (account.ManagedBy is null || account.ManagedBy == organization)
            && await Owns(organization, email, ct) ? (account, email) : null;

    async Task<bool> Owns(OrganizationId organization, EmailAddress email, CancellationToken ct) =>
        (await mediator.Send(new WhoOwnsDomain(email.Domain), ct))?.Organization == organization;

    static readonly KeysetList<ExcludedAccount> List = new()
    {
        Name = "exclusions",
        Columns = "a.id, a.name, a.email",
        Row = r => new(new(r.GetGuid(0)), r.GetString(1), r.GetString(2)),
        Orders = [new(ListSort.Email, KeysetColumn.Text("a.email"))],
    };

    public async Task<Outcome<ExclusionPage>> Handle(ReadExclusionList query, CancellationToken ct)
    {
        var domain = await OwnedDomain(query.Organization, query.Domain, ct);
        if (!domain.Granted) return domain.Refusal;
        var page = await List.Page(database, new(ListSort.Email, Descending: false, query.Cursor, query.Size), Rows, ct);
        if (!page.Granted) return page.Refusal;
        return new ExclusionPage(domain.Value, page.Value, await ListRows.Count(database, long.MaxValue, Rows, ct));

        Task<ListRows> Rows(NpgsqlParameterCollection values) => Task.FromResult(new ListRows("accounts.account a",
            $"a.excluded_by @> array[{values.Place(query.Organization.Value)}] and a.domain = {values.Place(domain.Value.Name)}"));
    }

    public async Task<Outcome<AccountFact>> Handle(ExcludeByEmail command, CancellationToken ct)
    {
        var domain = await OwnedDomain(command.Organization, command.Domain, ct);
        if (!domain.Granted) return domain.Refusal;
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return email.Refusal;
        // Asked first: whether a foreign address has an account is nobody's business.
        if (email.Value.Domain != domain.Value.Name) return new NotOnDomain();
        if (await accounts.Of("email", email.Value.Value, ct) is not { } account) return new NoSuchAccount();
        return await mediator.Send(new ExcludeAccount(account.Id, command.Organization, domain.Value.Name, command.Origin), ct);
    }

    async Task<Outcome<DomainView>> OwnedDomain(OrganizationId organization, DomainId id, CancellationToken ct)
    {
        var domain = await mediator.Send(new ReadDomain(organization, id), ct);
        return domain is { Granted: true, Value.IsOwned: false } ? new DomainNotOwned() : domain;
    }
}
