namespace DirectoryPlatform.Domains.Internal.Storage;

/// <summary>Who owns names now. It is asked for each person who signs up or whom a provider makes: questions that wait together are one
/// statement, which begins when all of them have come.</summary>
sealed class DomainOwners(NpgsqlDataSource database) : Together<string, DomainOwner?>(loops: 2, most: 256, enough: 16)
{
    /// <param name="name">A-label form.</param>
    public Task<DomainOwner?> Of(string name) => Add(name);

    protected override async Task Take(IReadOnlyList<Waiting> together)
    {
        await using var command = database.CreateCommand(
            "select name, id, organization_id, automatic_claim from domains.domain where name = any($1) and state in (1, 2)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. together.Select(t => t.What).Distinct()] });
        var owners = new Dictionary<string, DomainOwner>();
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync())
                owners[rows.GetString(0)] =
                    new(new(rows.GetGuid(1)), new(rows.GetGuid(2)), !rows.IsDBNull(3) && rows.GetBoolean(3));
        foreach (var one in together) one.TrySetResult(owners.GetValueOrDefault(one.What));
    }
}
