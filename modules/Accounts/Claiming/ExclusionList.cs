using Dapper;
using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts;

/// <summary>Accounts on the domain that automatic claiming leaves alone (SPEC C7), by email address, 100 at a time.</summary>
/// <param name="After">The last address of the page before; null for the first page.</param>
public sealed record ReadExclusionList(OrganizationId Organization, DomainId Domain, string? After) : IRequest<Outcome<ExclusionPage>>;

/// <param name="Next">What to pass as <see cref="ReadExclusionList.After"/>; null on the last page.</param>
public sealed record ExclusionPage(DomainView Domain, IReadOnlyList<ExcludedAccount> Accounts, long Total, string? Next);

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

    public async Task<Outcome<ExclusionPage>> Handle(ReadExclusionList query, CancellationToken ct)
    {
        var domain = await OwnedDomain(query.Organization, query.Domain, ct);
        if (!domain.Granted) return domain.Refusal;
        await using var connection = await database.OpenConnectionAsync(ct);
        var values = new
        {
            organization = query.Organization.Value,
            domain = domain.Value.Name,
            after = query.After ?? "",
            take = Size + 1
        };
        var rows = (await connection.QueryAsync<(Guid Id, string Name, string Email)>("""
            select id, name, email from accounts.account where excluded_by @> array[@organization] and domain = @domain and email > @after
              order by email limit @take
            """, values)).AsList();
        var total = await connection.ExecuteScalarAsync<long>(
            "select count(*) from accounts.account where excluded_by @> array[@organization] and domain = @domain", values);
        return new ExclusionPage(domain.Value, [.. rows.Take(Size).Select(r => new ExcludedAccount(new(r.Id), r.Name, r.Email))], total,
            rows.Count > Size ? rows[Size - 1].Email : null);
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
