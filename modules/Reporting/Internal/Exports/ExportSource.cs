using System.Text.Json.Serialization;
using DirectoryPlatform.Reporting.Internal.ManagedAccounts;
using DirectoryPlatform.Reporting.Internal.Users;

namespace DirectoryPlatform.Reporting.Internal.Exports;

/// <summary>An export as a job keeps it in its arguments.</summary>
/// <param name="Domain">A-label form; null for managed accounts.</param>
/// <param name="AskedAt">What "last active within" counts from, for all parts of the file.</param>
/// <param name="Users">Set for a file of users.</param>
/// <param name="LastUse">Whether each app has one more column, with the day of its last use.</param>
/// <param name="Apps">A column each, as they were when the file was asked for: all parts have the same head.</param>
sealed record ExportArguments(ManagedAccountFilter Filter, string? Domain, DateTimeOffset AskedAt, IReadOnlyList<AppView>? Apps = null,
    UserFile? Users = null, bool LastUse = false)
{
    [JsonIgnore]
    public string Title =>
        Users is { Site: null } ? UsersExport.TitleOfAll
        : Users is { } users ? $"{UsersExport.TitleBegins}{users.SiteName}"
        : Domain is null ? "Export managed accounts"
        : $"Export accounts on {Domain}";

    [JsonIgnore]
    public string FileName
    {
        get
        {
            var whom = Users is { Site: null } ? "users-all-sites"
                : Users is not null ? "users"
                : Domain is null ? "managed-accounts"
                : $"accounts-{Domain}";
            return $"{whom}-{AskedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.csv";
        }
    }
}

/// <summary>Reads the rows of an export and writes them as CSV: the same rows, whether at once or part by part.</summary>
sealed class ExportSource(NpgsqlDataSource database, ManagedAccountRows accounts, SiteUserRows users, IMediator mediator,
    TimeProvider clock)
{
    public async Task<Outcome<ExportArguments>> Of(OrganizationId organization, ExportScope scope, CancellationToken ct)
    {
        if (scope.Users is { } asked) return await OfUsers(organization, asked, ct);
        if (scope.Domain is not { } id)
            return new ExportArguments(scope.Filter, null, clock.GetUtcNow(), await mediator.Send(new ReadApps(), ct),
                LastUse: scope.LastUse);
        var domain = await mediator.Send(new ReadDomain(organization, id), ct);
        if (!domain.Granted) return domain.Refusal;
        if (!domain.Value.IsOwned) return new DomainNotVerified();
        return new ExportArguments(ManagedAccountFilter.Everybody, domain.Value.Name, clock.GetUtcNow(),
            await mediator.Send(new ReadApps(), ct));
    }

    async Task<Outcome<ExportArguments>> OfUsers(OrganizationId organization, UsersExport asked, CancellationToken ct)
    {
        SiteView? place = null;
        if (asked.Site is { } site)
        {
            // Its own row says whose it is.
            if (await mediator.Send(new ReadSite(site), ct) is not { Granted: true, Value: var found }
                || found.Organization != organization) return new NotFound("site");
            place = found;
        }
        return new ExportArguments(ManagedAccountFilter.Everybody, null, clock.GetUtcNow(),
            place?.Apps ?? await mediator.Send(new ReadApps(), ct), new(asked.Site, place?.Name, asked.Filter,
                asked.GroupColumns ? await UserRows.Groups(database, organization, asked.Site, ct) : null));
    }

    /// <summary>Rows of the file, up to a limit.</summary>
    public async Task<long> Count(OrganizationId organization, ExportArguments of, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand();
        var rows = of.Users is null
            ? $"accounts.v_listed a where {await Where(organization, of, command.Parameters, ct)}"
            : await UserRows.Source(users, organization, of, null, null, command.Parameters, ct);
        command.CommandText = $"select count(*) from (select from {rows} limit {limit}) x";
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Who is listed, all of them, however long that takes: what a job's progress is out of. A browser waits for it, so their
    /// sites are not looked up.</summary>
    public async Task<long> CountPeople(OrganizationId organization, ExportArguments of, CancellationToken ct)
    {
        await using var command = database.CreateCommand();
        command.CommandTimeout = 0;
        var people = of.Users is null
            ? $"accounts.v_listed a where {await Where(organization, of, command.Parameters, ct)}"
            : await UserRows.Listed(users, organization, of, null, null, command.Parameters, ct);
        command.CommandText = $"select count(*) from {people}";
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>In the order of ids, which is that of creation.</summary>
    /// <param name="after">Ids greater than this one only.</param>
    /// <param name="take">So many ids, with all of their rows; null for all.</param>
    /// <returns>A command that needs a connection yet; its first column is the id, then the file's.</returns>
    public async Task<NpgsqlCommand> Rows(OrganizationId organization, ExportArguments of, Guid? after, int? take, CancellationToken ct)
    {
        var command = new NpgsqlCommand { CommandTimeout = 0 };
        if (of.Users is not null)
        {
            var rows = await UserRows.Source(users, organization, of, after, take, command.Parameters, ct);
            command.CommandText =
                $"{UserRows.Select(organization, of, command.Parameters.Place)} from {rows} order by {UserRows.Order(of)}";
            return command;
        }
        var where = await Where(organization, of, command.Parameters, ct);
        if (after is { } id)
        {
            command.Parameters.Add(new() { Value = id });
            where += $" and a.id > ${command.Parameters.Count}";
        }
        var columns = string.Join(", ", Columns(of).Select(c => c.Sql).OfType<string>());
        var asked = $"(select {command.Parameters.Place(organization.Value)}::uuid as organization, "
            + $"{command.Parameters.Place((of.Apps ?? []).Select(a => a.Id).ToArray())}::text[] as apps) asked";
        var policies = of.Domain is null ? await ExportColumns.JoinPolicies(mediator, organization, command.Parameters.Place, ct) : "";
        var apps = of.Apps is { Count: > 0 } ? OpenApps.Join(organization, of.LastUse, command.Parameters.Place) : "";
        command.CommandText =
            $"select a.id, {columns} from accounts.v_listed a cross join {asked} {policies} {apps} where {where} "
            + $"order by a.id{(take is null ? "" : $" limit {take}")}";
        return command;
    }

    public ValueTask WriteHead(CsvFile csv, ExportArguments of, CancellationToken ct) =>
        csv.WriteRecordAsync(of.Users is null ? [.. Columns(of).Select(c => c.Header)] : [.. UserRows.Columns(of)], ct);

    /// <param name="rows">Of the command from <see cref="Rows"/>, for the same export.</param>
    /// <param name="ids">Gets the ids of the rows that are written, each once; null when nobody asks.</param>
    /// <param name="about">Gets whom a row is about whose id is nobody's, such as an invitation's.</param>
    /// <returns>How many rows were written.</returns>
    public async Task<int> WriteRows(CsvFile csv, NpgsqlDataReader rows, ExportArguments of, List<Guid>? ids, CancellationToken ct,
        List<Guid>? about = null)
    {
        var written = 0;
        if (of.Users is not null)
        {
            for (; await rows.ReadAsync(ct); written++)
            {
                var id = rows.GetGuid(0);
                // Somebody's rows for several sites stand one behind the other.
                if (ids is not null && (ids.Count == 0 || ids[^1] != id)) ids.Add(id);
                if (!rows.IsDBNull(1) && rows.GetGuid(1) != id) about?.Add(rows.GetGuid(1));
                await csv.WriteRecordAsync([.. UserRows.Line(rows, of)], ct);
            }
            return written;
        }
        var columns = Columns(of);
        var fields = columns.Select(_ => "").ToArray();
        var asked = Enumerable.Range(0, fields.Length).Where(i => columns[i].Sql is not null).ToArray();
        for (; await rows.ReadAsync(ct); written++)
        {
            ids?.Add(rows.GetGuid(0));
            for (var i = 0; i < asked.Length; i++) fields[asked[i]] = rows.GetString(i + 1);
            await csv.WriteRecordAsync(fields, ct);
        }
        return written;
    }

    static readonly string Verified = $"a.state <> {(short)AccountState.Unverified}";

    static IReadOnlyList<ExportColumn> Columns(ExportArguments of) =>
        [.. of.Domain is null ? ExportColumns.OfManaged : ExportColumns.OfDomain, .. (of.Apps ?? [])
            .SelectMany((a, i) => of.LastUse
                ? (ExportColumn[])[new(a.Name, OpenApps.Column(i + 1)), new($"{a.Name} last used", OpenApps.LastUse(i + 1))]
                : [new(a.Name, OpenApps.Column(i + 1))])];

    async Task<string> Where(OrganizationId organization, ExportArguments of, NpgsqlParameterCollection parameters, CancellationToken ct)
    {
        if (of.Domain is not null)
        {
            parameters.Add(new() { Value = of.Domain });
            return $"a.domain = $1 and {Verified}";
        }
        var where = (await accounts.Of(organization, of.Filter, of.AskedAt, parameters, ct)).Where;
        // Whoever has not verified the address is in a file only when asked for by that word (SPEC C4).
        return of.Filter is { State: null, EmailVerified: not false } ? $"{where} and {Verified}" : where;
    }
}
