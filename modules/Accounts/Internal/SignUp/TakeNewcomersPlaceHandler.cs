using Dapper;
using DirectoryPlatform.Domains;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Internal.SignUp;

sealed class TakeNewcomersPlaceHandler(NpgsqlDataSource database, TimeProvider clock) : IRequestHandler<TakeNewcomersPlace, bool>
{
    public async Task<bool> Handle(TakeNewcomersPlace command, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var today = clock.GetUtcNow().UtcDateTime.Date;
        return await connection.ExecuteAsync("""
            insert into accounts.newcomers_listed as n (organization_id, domain, day, listed)
            values (@organization, @Domain, @today::date, 1)
            on conflict (organization_id, domain, day) do update set listed = n.listed + 1 where n.listed < @most
            """, new { organization = command.Organization.Value, command.Domain, today, most = TakeNewcomersPlace.AtMost }) == 1;
    }
}
