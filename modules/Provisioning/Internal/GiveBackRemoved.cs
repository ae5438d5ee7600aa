namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>Gives back the groups and the people of removed directories, some at a time, and then clears the directory away; a process that
/// dies leaves the rest to the next run.</summary>
sealed class GiveBackRemoved(NpgsqlDataSource database, ReleaseService releasing, IMediator mediator) : IRecurring
{
    const int AtOnce = 200;

    public string Name => "give back people of removed directories";
    public TimeSpan Every => TimeSpan.FromSeconds(10);

    public async Task Run(CancellationToken ct)
    {
        while (await Next(ct) is var (directory, organization, people))
        {
            // Groups first, so that they keep their members.
            await mediator.Send(new GiveBackGroups(new(organization), directory, Origin.Schedule), ct);
            if (people.Length > 0)
                await releasing.Unlink([.. people.Select(id => new AccountId(id))], new(organization), Origin.Schedule, ct);
            else await Clear(directory, ct);
        }
    }

    async Task<(Guid Directory, Guid Organization, Guid[] People)?> Next(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QueryFirstOrDefaultAsync<(Guid, Guid, Guid[])?>("""
            select d.id, d.organization_id, array(select account_id from directory.provisioned_user u where u.directory_id = d.id
              order by account_id limit @AtOnce)
            from directory.identity_directory d where d.removed_at is not null order by d.removed_at limit 1
            """, new { AtOnce });
    }

    Task Clear(Guid directory, CancellationToken ct) => database.Write(
        "delete from directory.identity_directory where id = @directory and removed_at is not null",
        new { directory }, ct);
}

/// <summary>
/// Accounts that a provider was to own and whose row was never written, because the process died and the provider never asked again: nobody
/// could unlink them. And those that had begun to leave when it died. The lock waits for requests under way.
/// </summary>
sealed class ReleaseForgotten(NpgsqlDataSource database, ReleaseService releasing) : IRecurring
{
    const int AtOnce = 200;

    public string Name => "release accounts that no provider came back for";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task Run(CancellationToken ct)
    {
        Guid[] forgotten;
        await using (var connection = await database.OpenConnectionAsync(ct))
            forgotten = [.. await connection.QueryAsync<Guid>("""
                select p.account_id from accounts.v_profile p join accounts.v_account a on a.id = p.account_id
                where p.provisioned_by is not null and a.managed_by in (select organization_id from directory.identity_directory)
                  and not exists (select from directory.provisioned_user u where u.account_id = p.account_id)
                """)];
        foreach (var some in forgotten.Chunk(AtOnce)) await releasing.Forgotten([.. some.Select(id => new AccountId(id))], ct);
        foreach (var of in (await BegunToLeave(ct)).GroupBy(b => b.Organization, b => new AccountId(b.Account)))
            foreach (var some in of.Chunk(AtOnce)) await releasing.Unlink(some, new(of.Key), Origin.Schedule, ct, onlyLeaving: true);
    }

    async Task<IReadOnlyList<(Guid Organization, Guid Account)>> BegunToLeave(CancellationToken ct) =>
        await database.Rows<(Guid, Guid)>("""
            select d.organization_id, u.account_id from directory.provisioned_user u join directory.identity_directory d
              on d.id = u.directory_id where u.leaving
            """, null, ct);
}
