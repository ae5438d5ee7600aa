using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Provisioning;

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
    public Task<Done> Unlink(IReadOnlyCollection<AccountId> accounts, OrganizationId organization, Origin origin, CancellationToken ct) =>
        turns.Alone(organization, [.. accounts.Select(a => a.Value).Order().Select(ProvisioningLock.Of)],
            async (connection, transaction) =>
        {
            // Accounts first: killed in between, the rows are still there to be found and the rest is done again.
            await Release(accounts, origin);
            await FormerIdentities.RememberAndDelete(connection, organization, [.. accounts.Select(a => a.Value)],
                clock.ToTheMicrosecond());
            await Leave(accounts, organization, origin);
            await transaction.CommitAsync(ct);
            return Done.It;
        }, ct);

    /// <summary>Those that have no row, now that nobody else is at it.</summary>
    public Task<Done> Forgotten(IReadOnlyCollection<AccountId> accounts, CancellationToken ct) =>
        turns.Alone(default, [.. accounts.Select(a => a.Value).Order().Select(ProvisioningLock.Of)], async (connection, _) =>
        {
            var linked =
                (await connection.QueryAsync<Guid>("select account_id from directory.provisioned_user where account_id = any(@ids)",
                    new { ids = accounts.Select(a => a.Value).ToArray() })).ToHashSet();
            await Release(accounts.Where(a => !linked.Contains(a.Value)), Origin.Schedule);
            return Done.It;
        }, ct);

    /// <summary>Out of the provider's groups, while the rows are deleted and not yet gone: who puts somebody into a group at this moment
    /// waits for them, and then finds nobody.</summary>
    public Task Leave(IReadOnlyCollection<AccountId> accounts, OrganizationId organization, Origin origin) =>
        mediator.Send(new LeaveProvidedGroups(organization, accounts, origin));

    public Task<IReadOnlyList<Outcome<AccountFact>>> Release(IEnumerable<AccountId> accounts, Origin origin) =>
        grains.TurnMany([.. accounts.Select(a => new ReleaseFromProvider(a, origin))]);
}
