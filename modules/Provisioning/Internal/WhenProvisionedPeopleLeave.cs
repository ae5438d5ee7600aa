namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>Whoever is unclaimed, alone, in bulk or with a lost domain, is in no directory any more (SPEC C7): the account is its person's
/// again. A fact may be heard late: whoever has been claimed again meanwhile stays.</summary>
sealed class WhenProvisionedPeopleLeave(IMediator mediator, NpgsqlDataSource database, ReleaseService releasing)
    : IHearsMany<AccountUnclaimed>
{
    const int AtOnce = 200;

    public async Task Hear(IReadOnlyList<AccountUnclaimed> facts, CancellationToken ct)
    {
        foreach (var left in facts.GroupBy(fact => fact.By))
            await Leave(left.Key, [.. left.SelectMany(fact => fact.Accounts)], ct);
    }

    async Task Leave(OrganizationId organization, IReadOnlyList<AccountId> accounts, CancellationToken ct)
    {
        Guid[] linked;
        await using (var connection = await database.OpenConnectionAsync(ct))
            linked = [.. await connection.QueryAsync<Guid>("""
                select u.account_id from directory.provisioned_user u join directory.identity_directory d on d.id = u.directory_id
                  where d.organization_id = @organization and u.account_id = any(@ids)
                """, new { organization = organization.Value, ids = accounts.Select(a => a.Value).ToArray() })];
        if (linked.Length == 0) return;
        var gone = linked.Select(id => new AccountId(id))
            .Except(await mediator.Send(new WhichAreManaged(organization, [.. linked.Select(id => new AccountId(id))]), ct));
        foreach (var some in gone.Chunk(AtOnce)) await releasing.Unlink(some, organization, Origin.Schedule, ct);
    }
}
