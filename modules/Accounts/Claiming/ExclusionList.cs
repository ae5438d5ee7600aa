using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Lists;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts;

/// <summary>Accounts on the domain that automatic claiming leaves alone (SPEC C7), by email address, 100 at a time. Refused with
/// <see cref="BrokenCursor"/>.</summary>
/// <param name="Cursor">As given by an earlier page.</param>
public sealed record ReadExclusionList(OrganizationId Organization, DomainId Domain, string? Cursor) : IRequest<Outcome<ExclusionPage>>;

public sealed record ExclusionPage(DomainView Domain, ListPage<ExcludedAccount> Accounts, long Total);

public sealed record ExcludedAccount(AccountId Account, string Name, string Email);

/// <summary>Puts an account on the list by its address. It must be on the domain and not be managed by this organization.</summary>
public sealed record ExcludeByEmail(OrganizationId Organization, DomainId Domain, string Email, Origin Origin)
    : IRequest<Outcome<AccountFact>>;

/// <summary>Takes an account off the list; it is not claimed by that.</summary>
public sealed record ReadmitAccount(AccountId Account, OrganizationId Organization, Origin Origin) : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.Readmit(Organization, now);
}

/// <param name="Domain">A-label form; that the organization owns it is asked before.</param>
public sealed record ExcludeAccount(AccountId Account, OrganizationId Organization, string Domain, Origin Origin)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.Exclude(Organization, Domain, now);
}

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
