using DirectoryPlatform.Accounts.Internal.Storage;
using DirectoryPlatform.Domains;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Internal.Claiming;

sealed class ExclusionListHandler(IMediator mediator, AccountReading accounts, NpgsqlDataSource database)
    : IRequestHandler<ReadExclusionList, Outcome<ExclusionPage>>, IRequestHandler<ExcludeByEmail, Outcome<AccountFact>>
{
    const int Size = 100;

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
        var page = await List.Page(database, new(ListSort.Email, Descending: false, query.Cursor, Size), Rows, ct);
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
