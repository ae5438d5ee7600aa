using DirectoryPlatform.Domains.Internal.Dns;
using DirectoryPlatform.Domains.Internal.Https;

namespace DirectoryPlatform.Domains.Internal.Demo;

/// <summary>Reads and edits the demo's zone.</summary>
sealed class DemoZoneHandlers(NpgsqlDataSource database)
    : IRequestHandler<ReadDemoZone, IReadOnlyList<DemoRecord>>, IRequestHandler<AddDemoRecord, Outcome<Done>>,
    IRequestHandler<RemoveDemoRecord, Outcome<Done>>
{
    /// <summary>Enough to try everything, too little to fill a disk.</summary>
    const int MaxRecords = 1_000;

    public async Task<IReadOnlyList<DemoRecord>> Handle(ReadDemoZone query, CancellationToken ct) =>
        (await database.Rows<(Guid, string, string, string)>(
            "select id, name, type, value from domains.demo_record order by name, type, value", ct: ct))
            .Select(r => new DemoRecord(r.Item1, r.Item2, r.Item3, r.Item4)).AsList();

    public async Task<Outcome<Done>> Handle(AddDemoRecord command, CancellationToken ct)
    {
        var (name, type, value) = (command.Name?.Trim().TrimEnd('.').ToLowerInvariant() ?? "", command.Type?.Trim().ToUpperInvariant(),
            command.Value?.Trim() ?? "");
        // As the domain's page says it.
        if (type == "HTTPS" && Uri.TryCreate(name, UriKind.Absolute, out var url))
            name = DomainName.Parse(url.Host) is { Granted: true, Value.Value: var host } ? host : "";
        if (!IsHostName(name) || !name.EndsWith(".example", StringComparison.Ordinal))
            return new InvalidValue("name", "Enter a name under .example, such as _directory-challenge.globex.example.");
        if (type is not ("TXT" or "CNAME" or "HTTPS")) return new InvalidValue("type", "Choose TXT, CNAME or HTTPS file.");
        if (type is not "CNAME" && value.Length is 0 or > 4_000)
            return new InvalidValue("value", "Enter a text of at most 4,000 characters.");
        if (type == "CNAME" && !IsHostName(value.TrimEnd('.')))
            return new InvalidValue("value", "Enter the host name that the alias points to.");
        var added = await database.Write("""
            insert into domains.demo_record (id, name, type, value) select @id, @name, @type, @value where (select count(*)
              from domains.demo_record) < @MaxRecords
            """, new { id = Guid.CreateVersion7(), name, type, value, MaxRecords }, ct);
        return added == 1 ? Done.It : new InvalidValue("name", $"The demo zone is full ({MaxRecords} records). Remove some first.");
    }

    public async Task<Outcome<Done>> Handle(RemoveDemoRecord command, CancellationToken ct) =>
        await database.Write("delete from domains.demo_record where id = @Id", new { command.Id }, ct) == 1
            ? Done.It
            : new NotFound("record");

    static bool IsHostName(string name) => name.Length is > 0 and <= 253
        && name.Split('.').All(label => label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}

/// <summary>Answers names under <c>.example</c> from the demo's zone
/// (RFC 2606 keeps them out of the real DNS) and passes all others on to the network.</summary>
sealed class DemoLookup(NpgsqlDataSource database, ITxtLookup network, TimeProvider clock) : ITxtLookup
{
    const int LongestChain = 8;

    public async Task<IReadOnlyList<TxtAnswer>> Look(string name, CancellationToken ct)
    {
        if (!name.EndsWith(".example", StringComparison.Ordinal)) return await network.Look(name, ct);
        var began = clock.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(ct);
        var chain = new List<string>();
        for (var at = name; ;)
        {
            var records = (await connection.QueryAsync<(string Type, string Value)>(
                "select type, value from domains.demo_record where name = @at order by id", new { at })).AsList();
            if (records.Find(r => r.Type == "CNAME").Value is { } alias && chain.Count < LongestChain)
            {
                chain.Add(at = alias.TrimEnd('.').ToLowerInvariant());
                if (at.EndsWith(".example", StringComparison.Ordinal)) continue;
            }
            var texts = records.Where(r => r.Type == "TXT").Select(r => r.Value).ToArray();
            return [new("demo zone", texts.Length > 0 ? TxtOutcome.Records : TxtOutcome.NoRecords, texts, chain,
                clock.GetElapsedTime(began))];
        }
    }
}

/// <summary>Answers for the web servers of names under <c>.example</c>, which nobody can reach or own elsewhere, from the demo's zone; all
/// others are asked over the network. Registered in the demo alone.</summary>
sealed class DemoPages(NpgsqlDataSource database, PageLookup network) : IPageLookup
{
    public async Task<PageAnswer> Fetch(DomainName domain, CancellationToken ct)
    {
        if (!domain.Value.EndsWith(".example", StringComparison.Ordinal)) return await network.Fetch(domain, ct);
        var (url, pages) = (network.UrlOf(domain), await database.Rows<string>(
            "select value from domains.demo_record where name = @name and type = 'HTTPS' order by id", new { name = domain.Value }, ct));
        var status = pages.Count == 0 ? "404 Not Found" : "200 OK";
        var saw = (string[])[$"{url} answered {status} from the demo’s web server"];
        return pages.Count == 0 ? new(PageOutcome.HttpStatus, url, [], status, saw)
            : new(PageOutcome.Read, url, Encoding.UTF8.GetBytes(string.Join('\n', pages)), "", saw);
    }
}
