using Dapper;
using DirectoryPlatform.Accounts;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Internal.Groups;

sealed class AskGroupsHandler(NpgsqlDataSource database)
    : IRequestHandler<FindGroup, GroupId?>, IRequestHandler<NameGroups, IReadOnlyDictionary<GroupId, string>>,
    IRequestHandler<ReadGroupsOf, IReadOnlySet<GroupId>>
{
    public async Task<GroupId?> Handle(FindGroup query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var id = await connection
            .ExecuteScalarAsync<Guid?>("select id from sites.grp where organization_id = @organization and name_key = @key",
                new { organization = query.Organization.Value, key = SearchKey.Unique(query.Name) });
        return id is { } found ? new(found) : null;
    }

    public async Task<IReadOnlyDictionary<GroupId, string>> Handle(NameGroups query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(Guid Id, string Name)>(
            "select id, name from sites.grp where organization_id = @organization and id = any(@ids)",
            new { organization = query.Organization.Value, ids = query.Groups.Select(g => g.Value).ToArray() }))
                .ToDictionary(r => new GroupId(r.Id), r => r.Name);
    }

    public async Task<IReadOnlySet<GroupId>> Handle(ReadGroupsOf query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Guid>(
            "select m.group_id from sites.group_member m join sites.grp g on g.id = m.group_id where m.account_id = @account "
            + "and g.organization_id = @organization",
            new { account = query.Account.Value, organization = query.Organization.Value })).Select(id => new GroupId(id)).ToHashSet();
    }
}
