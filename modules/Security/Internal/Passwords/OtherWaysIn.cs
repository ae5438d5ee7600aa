namespace DirectoryPlatform.Security.Internal.Passwords;

sealed class OtherWaysInHandler(NpgsqlDataSource database, PasswordResetLinks links, TwoStepStore twoStep, IMediator mediator,
    TimeProvider clock)
    : IRequestHandler<ReadWhatElseCanGetIn, Outcome<OtherWaysIn>>, IRequestHandler<ReadMyWaysIn, OtherWaysIn>
{
    public async Task<Outcome<OtherWaysIn>> Handle(ReadWhatElseCanGetIn query, CancellationToken ct)
    {
        var account = await links.Find(query.Token, ct);
        return account.Granted ? await Of(account.Value.Id, ct) : account.Refusal;
    }

    public Task<OtherWaysIn> Handle(ReadMyWaysIn query, CancellationToken ct) => Of(query.Account, ct);

    async Task<OtherWaysIn> Of(AccountId account, CancellationToken ct)
    {
        var values = new { id = account.Value, now = clock.GetUtcNow().UtcDateTime };
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var all = await connection.QueryMultipleAsync(new CommandDefinition($"""
            select device from security.session where account_id = @id and {SessionStore.IsLive("@now")}
              order by last_active_at desc, id desc;
            select label from security.api_token where account_id = @id and revoked_at is null and expires_at > @now
              order by created_at desc, id desc;
            select name from security.api_key where account_id = @id and revoked_at is null and expires_at > @now
              order by created_at desc, id desc
            """, values, cancellationToken: ct));
        var devices = (await all.ReadAsync<string>()).AsList();
        var tokens = (await all.ReadAsync<string>()).AsList();
        var keys = (await all.ReadAsync<string>()).AsList();
        await connection.CloseAsync(); // what follows asks on its own
        return new(devices, tokens, await mediator.Send(new ReadPendingEmail(account), ct), await twoStep.OnSince(account, ct), keys);
    }
}

sealed class VoidCredentialsHandler(UnitOfWork work, TellAdmins admins, IMediator mediator, TimeProvider clock)
    : IRequestHandler<VoidCredentials, Outcome<Done>>
{
    static readonly string[] Tables = ["password", "password_before", "password_reset", "two_step", "recovery_code", "session", "api_token",
        "api_key", "provider_answer", "device_code"];

    public async Task<Outcome<Done>> Handle(VoidCredentials command, CancellationToken ct)
    {
        var account = await mediator.Send(new ReadAccount(command.Account), ct);
        if (!account.Granted) return account.Refusal;
        var letters = await admins.Letters([account.Value], "sign-in security", command.Origin, clock.GetUtcNow(), ct);
        return await work.Run<Done>(command.Origin, async change =>
        {
            // Asked where the row stands still: accounts before what is theirs, as everywhere.
            if (await AdminRows.Refused(change.Connection, command.Account, command.Organization, command.Asker, ct) is { } refusal)
                return refusal;
            // Turns that are under way wait, and find nothing.
            await change.Run([PasswordStore.Lock(command.Account.Value),
                Statement.Of("delete from security.credentials where account_id = $1", command.Account.Value)], ct);
            // Before anything is deleted: what waits in other rooms, too (SPEC A14).
            var gone = await change.Run(
            [
                .. WaitingLinks.Void([command.Account.Value], change.Now),
                .. Tables.Select(table => Statement.Of($"delete from security.{table} where account_id = $1", command.Account.Value)),
            ], ct);
            if (gone == 0) return change.Unchanged();
            change.WriteAudit(command.Organization, command.Account.Value, SecurityActions.CredentialsVoided);
            foreach (var (_, mail) in letters) change.QueueMail(mail);
            return Done.It;
        }, ct);
    }
}
