namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>
/// Removes passwords of accounts that were never made (SPEC A13): a process that dies while somebody joins by an invitation leaves one
/// until the link is followed again, and sign-ups of before left one for each address in use.
/// </summary>
sealed class PasswordsOfNobody(NpgsqlDataSource database, IMediator mediator, TimeProvider clock) : IRecurring
{
    /// <summary>Whoever joins is through within a minute, the time that an invitation is held for them.</summary>
    public static readonly TimeSpan Untouched = TimeSpan.FromHours(1);

    const int AtOnce = 5_000;

    public string Name => "remove passwords of nobody";
    public TimeSpan Every => TimeSpan.FromDays(1);

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var old = (clock.GetUtcNow() - Untouched).UtcDateTime;
        for (var after = Guid.Empty; ;)
        {
            var ids = (await connection.QueryAsync<Guid>("""
                select account_id from security.password where account_id > @after and set_at < @old order by account_id limit @AtOnce
                """, new { after, old, AtOnce })).AsList();
            if (ids.Count == 0) return;
            var there = (await mediator.Send(new ReadAccounts([.. ids.Select(id => new AccountId(id))]), ct)).Select(a => a.Id.Value)
                .ToHashSet();
            var nobodys = ids.Where(id => !there.Contains(id)).ToArray();
            if (nobodys.Length > 0)
                await connection.ExecuteAsync("""
                    delete from security.password where account_id = any(@nobodys) and set_at < @old;
                    delete from security.credentials where account_id = any(@nobodys)
                      and not exists (select from security.password p where p.account_id = credentials.account_id)
                    """, new { nobodys, old });
            after = ids[^1];
        }
    }
}
