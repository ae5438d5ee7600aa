namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>Gives accounts back: what the provider owned can be changed here again, and the account stays as it is.</summary>
sealed class ReleaseService(ProvisioningLock turns, IGrains<Account, AccountFact> grains, NpgsqlDataSource database, IMediator mediator,
    TimeProvider clock) : IRequestHandler<UnlinkPerson, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(UnlinkPerson command, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await connection.ExecuteScalarAsync<bool>("""
            select exists (select from directory.provisioned_user u join directory.identity_directory d on d.id = u.directory_id
              where u.account_id = @account and d.organization_id = @organization)
            """, new { account = command.Account.Value, organization = command.Organization.Value }) is false) return new NotProvisioned();
        await connection.CloseAsync();
        await Unlink([command.Account], command.Organization, command.Origin, ct);
        return Done.It;
    }

    /// <summary>Accounts and rows, in one go for each of the people.</summary>
    /// <param name="onlyLeaving">Whether to go on only with those whose leaving was begun before.</param>
    public Task<Done> Unlink(IReadOnlyCollection<AccountId> accounts, OrganizationId organization, Origin origin, CancellationToken ct,
        bool onlyLeaving = false) =>
        turns.Alone(organization, [.. accounts.Select(a => a.Value).Order().Select(ProvisioningLock.Of)], async lease =>
        {
            if (onlyLeaving) accounts = await lease.Look(StillLeaving, ct);
            // Accounts first: killed in between, the rows are still there to be found and the rest is done again.
            await Release(accounts, origin);
            await Leave(lease, accounts, organization, origin, isLast: true, ct);
            return Done.It;

            async Task<IReadOnlyCollection<AccountId>> StillLeaving(NpgsqlConnection connection) =>
                [.. (await connection.QueryAsync<Guid>(
                    "select account_id from directory.provisioned_user where account_id = any(@ids) and leaving",
                    new { ids = accounts.Select(a => a.Value).ToArray() })).Select(id => new AccountId(id))];
        }, ct);

    /// <summary>Those that have no row, now that nobody else is at it.</summary>
    public Task<Done> Forgotten(IReadOnlyCollection<AccountId> accounts, CancellationToken ct) =>
        turns.Alone(default, [.. accounts.Select(a => a.Value).Order().Select(ProvisioningLock.Of)], async lease =>
        {
            var linked = (await lease.Look(connection => connection.QueryAsync<Guid>(
                "select account_id from directory.provisioned_user where account_id = any(@ids)",
                new { ids = accounts.Select(a => a.Value).ToArray() }), ct)).ToHashSet();
            await Release(accounts.Where(a => !linked.Contains(a.Value)), Origin.Schedule);
            return Done.It;
        }, ct);

    /// <summary>
    /// Out of the provider's groups, then out of the directory. Marked first: who puts somebody into a group at this moment is waited for,
    /// and who comes later finds nobody. The row goes last, so that what was broken off in between is found and done again.
    /// </summary>
    /// <param name="isLast">Whether nothing follows: the names are free again with the row.</param>
    public async Task Leave(ProvisioningLease lease, IReadOnlyCollection<AccountId> accounts, OrganizationId organization, Origin origin,
        bool isLast, CancellationToken ct)
    {
        Guid[] ids = [.. accounts.Select(a => a.Value)];
        await lease.Write(Statement.Of("""
            update directory.provisioned_user u set leaving = true from directory.identity_directory d
              where d.id = u.directory_id and d.organization_id = $1 and u.account_id = any($2)
            """, organization.Value, ids), ct);
        await mediator.Send(new LeaveProvidedGroups(organization, accounts, origin), ct);
        var gone = FormerIdentities.RememberAndDelete(organization, ids, clock.ToTheMicrosecond());
        if (isLast) await lease.End(gone, [], ct);
        else await lease.Write(gone, ct);
    }

    public Task<IReadOnlyList<Outcome<AccountFact>>> Release(IEnumerable<AccountId> accounts, Origin origin) =>
        grains.TurnMany([.. accounts.Select(a => new ReleaseFromProvider(a, origin))]);
}
