using Dapper;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Domains.Internal.Demo;

/// <summary>Reads and edits the demo's zone.</summary>
sealed class DemoZoneHandlers(NpgsqlDataSource database)
    : IRequestHandler<ReadDemoZone, IReadOnlyList<DemoRecord>>, IRequestHandler<AddDemoRecord, Outcome<Done>>,
    IRequestHandler<RemoveDemoRecord, Outcome<Done>>
{
    /// <summary>Enough to try everything, too little to fill a disk.</summary>
    const int MaxRecords = 1_000;

    public async Task<IReadOnlyList<DemoRecord>> Handle(ReadDemoZone query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(Guid, string, string, string)>(
            "select id, name, type, value from domains.demo_record order by name, type, value"))
            .Select(r => new DemoRecord(r.Item1, r.Item2, r.Item3, r.Item4)).AsList();
    }

    public async Task<Outcome<Done>> Handle(AddDemoRecord command, CancellationToken ct)
    {
        var (name, type, value) = (command.Name?.Trim().TrimEnd('.').ToLowerInvariant() ?? "", command.Type?.Trim().ToUpperInvariant(),
            command.Value?.Trim() ?? "");
        if (!IsHostName(name) || !name.EndsWith(".example", StringComparison.Ordinal))
            return new InvalidValue("name", "Enter a name under .example, such as _directory-challenge.globex.example.");
        if (type is not ("TXT" or "CNAME")) return new InvalidValue("type", "Choose TXT or CNAME.");
        if (type == "TXT" && value.Length is 0 or > 4_000) return new InvalidValue("value", "Enter a text of at most 4,000 characters.");
        if (type == "CNAME" && !IsHostName(value.TrimEnd('.')))
            return new InvalidValue("value", "Enter the host name that the alias leads to.");
        await using var connection = await database.OpenConnectionAsync(ct);
        var added = await connection.ExecuteAsync("""
            insert into domains.demo_record (id, name, type, value) select @id, @name, @type, @value where (select count(*)
              from domains.demo_record) < @MaxRecords
            """, new { id = Guid.CreateVersion7(), name, type, value, MaxRecords });
        return added == 1 ? Done.It : new InvalidValue("name", $"The demo zone is full ({MaxRecords} records). Remove some first.");
    }

    public async Task<Outcome<Done>> Handle(RemoveDemoRecord command, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync("delete from domains.demo_record where id = @Id", new { command.Id }) == 1
            ? Done.It
            : new NotFound("record");
    }

    static bool IsHostName(string name) => name.Length is > 0 and <= 253
        && name.Split('.').All(label => label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
