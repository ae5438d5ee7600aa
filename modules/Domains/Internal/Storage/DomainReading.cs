namespace DirectoryPlatform.Domains.Internal.Storage;

/// <summary>Questions to the domain rows.</summary>
sealed class DomainReading(NpgsqlDataSource database, DomainOwners owners)
    : IRequestHandler<ReadDomains, IReadOnlyList<DomainView>>, IRequestHandler<ReadDomain, Outcome<DomainView>>,
    IRequestHandler<WhoOwnsDomain, DomainOwner?>
{
    public async Task<IReadOnlyList<DomainView>> Handle(ReadDomains query, CancellationToken ct) =>
        [.. (await Read($"select {DomainStore.Columns} from domains.domain where organization_id = $1 and state < 3 order by name",
            query.Organization.Value)).Select(View)];

    public async Task<Outcome<DomainView>> Handle(ReadDomain query, CancellationToken ct) =>
        await Of(query.Domain) is { } domain && domain.Organization == query.Organization ? View(domain) : new NotFound("domain");

    public Task<DomainOwner?> Handle(WhoOwnsDomain query, CancellationToken ct) => OwnerOf(query.Name);

    public async Task<Domain?> Of(DomainId id) =>
        (await Read($"select {DomainStore.Columns} from domains.domain where id = $1 and state < 3", id.Value)).SingleOrDefault();

    /// <summary>Those whose time has come, at most 100: first the pending ones, for which an admin may be waiting.</summary>
    /// <param name="except">Looked at already in this run.</param>
    public Task<List<Domain>> Due(DateTimeOffset now, IReadOnlyCollection<Guid> except) =>
        Read($"select {DomainStore.Columns} from domains.domain where next_check_at <= $1 and state < 3 and id <> all($2) order by state, "
            + "next_check_at limit 100", now.UtcDateTime, except.ToArray());

    /// <summary>Those that have shown the token while another owned the name, in the order of showing it.</summary>
    public Task<List<Domain>> Waiting(string name) =>
        Read($"select {DomainStore.Columns} from domains.domain where name = $1 and state = 0 and proved_at is not null order by proved_at",
            name);

    /// <summary>Those whose verification has lapsed.</summary>
    public Task<List<Domain>> Lapsed(string name) =>
        Read($"select {DomainStore.Columns} from domains.domain where name = $1 and state = 0 and verified_at is not null", name);

    public Task<DomainOwner?> OwnerOf(string name) => owners.Of(name);

    public static DomainView View(Domain d) => new(
        d.Id, d.Organization, d.Name, DomainName.Trusted(d.Name).Display, d.State, d.Token, d.AutomaticClaim, d.AddedAt, d.VerifiedAt,
        d.LastCheck, d.NextCheckAt, d.GaveUpAt,
        d.ProvedAt is not null, d.Version, d.MissingSince, d.Deadline, d is { State: DomainState.Unverified, VerifiedAt: not null }
            ? d.GaveUpAt
            : null);

    async Task<List<Domain>> Read(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var rows = await command.ExecuteReaderAsync();
        var domains = new List<Domain>();
        while (await rows.ReadAsync()) domains.Add(DomainStore.ReadRow(rows));
        return domains;
    }
}
