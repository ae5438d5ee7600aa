using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Directory;

/// <summary>Streams all accounts on an owned domain as CSV, claimed or not (SPEC D12, D13 as far as the data exists).</summary>
public sealed record ExportDomainAccounts(OrganizationId Organization, DomainId Domain, Stream Output) : IRequest<Outcome<Done>>;

sealed class ExportDomainAccountsHandler(NpgsqlDataSource database, IMediator mediator) : IRequestHandler<ExportDomainAccounts, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ExportDomainAccounts query, CancellationToken ct)
    {
        var domain = await mediator.Send(new ReadDomain(query.Organization, query.Domain), ct);
        if (!domain.Granted) return domain.Refusal;
        if (!domain.Value.IsOwned) return new DomainNotVerified();
        await using var csv = CsvFile.Write(query.Output);
        await csv.WriteRecordAsync((string[])["Name", "Email", "Account id", "Status", "Last active", "Claimed", "Verified email"], ct);
        await using var command = database.CreateCommand("""
            select a.name, a.email, a.id, a.state, l.last_active_at, case when a.managed_by is null then 'no' when a.managed_by = $2 then 'by this organization' else 'by another organization' end, a.email_verified
            from accounts.v_account a left join lateral (select last_active_at from security.v_last_active l where l.account_id = a.id) l on true
            where a.domain = $1 order by a.id
            """);
        command.Parameters.Add(new() { Value = domain.Value.Name });
        command.Parameters.Add(new() { Value = query.Organization.Value });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            await csv.WriteRecordAsync((string[])
            [
                rows.GetString(0), rows.GetString(1), rows.GetGuid(2).ToString(), ((AccountState)rows.GetInt16(3)).ToString(),
                rows.IsDBNull(4) ? "" : rows.GetDateTime(4).ToString("yyyy-MM-dd HH:mm:ss'Z'"), rows.GetString(5), rows.GetBoolean(6) ? "yes" : "no",
            ], ct);
        return Done.It;
    }
}
