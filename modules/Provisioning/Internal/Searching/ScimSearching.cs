using DirectoryPlatform.Provisioning.Internal.Groups;

namespace DirectoryPlatform.Provisioning.Internal.Searching;

/// <summary>All of a directory in one list: people by their ids, then groups by theirs, so that pages follow one another.</summary>
sealed class ScimSearching(NpgsqlDataSource database, IdentityDirectoryReading directories, ScimGroupReading groups)
    : IRequestHandler<SearchScim, Outcome<ScimReply>>
{
    static readonly ScimResource[] Kinds = [ScimResource.User, ScimResource.Group];

    public async Task<Outcome<ScimReply>> Handle(SearchScim query, CancellationToken ct)
    {
        var ofUsers = ScimSearch.Read(query.Query, ScimResource.User, Kinds);
        if (!ofUsers.Granted) return ofUsers.Refusal;
        var ofGroups = ScimSearch.Read(query.Query, ScimResource.Group, Kinds);
        if (!ofGroups.Granted) return ofGroups.Refusal;
        var (directory, root, asked) = (query.By.Directory.Value, directories.BaseUrl(query.By.Directory.Value), ofUsers.Value.Paging);
        await using var connection = await database.OpenConnectionAsync(ct);
        var wanted = ofUsers.Value.Wanted;
        var (people, users) = await UserRows.Page(connection, directory, ofUsers.Value.Where, ofUsers.Value.Values, asked,
            wanted.Shows("groups"), ct);
        var rest = new ScimPaging(Math.Max(1, asked.StartIndex - people), asked.Count - users.Count);
        var (more, found) = await groups.Page(connection, query.By, ofGroups.Value with { Paging = rest });
        return new ScimReply(ScimList.Of(people + more, asked,
            [.. users.Select(r => ScimUserReading.Shape(r, root, wanted).Body!), .. found]));
    }
}
