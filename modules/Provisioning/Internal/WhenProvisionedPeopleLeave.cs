using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>Whoever is unclaimed, alone, in bulk or with a lost domain, is in no directory any more (SPEC C7): the account is its person's
/// again. A fact may be heard late: whoever has been claimed again meanwhile stays.</summary>
sealed class WhenProvisionedPeopleLeave(IMediator mediator, NpgsqlDataSource database, ReleaseService releasing)
    : INotificationHandler<AccountUnclaimed>
{
    const int AtOnce = 200;

    public async Task Handle(AccountUnclaimed fact, CancellationToken ct)
    {
        Guid[] linked;
        await using (var connection = await database.OpenConnectionAsync(ct))
            linked = [.. await connection.QueryAsync<Guid>("""
                select u.account_id from directory.provisioned_user u join directory.identity_directory d on d.id = u.directory_id
                  where d.organization_id = @organization and u.account_id = any(@ids)
                """, new { organization = fact.By.Value, ids = fact.Accounts.Select(a => a.Value).ToArray() })];
        if (linked.Length == 0) return;
        var gone = linked.Select(id => new AccountId(id))
            .Except(await mediator.Send(new WhichAreManaged(fact.By, [.. linked.Select(id => new AccountId(id))]), ct));
        foreach (var some in gone.Chunk(AtOnce)) await releasing.Unlink(some, fact.By, Origin.Schedule, ct);
    }
}
