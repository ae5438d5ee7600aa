using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.TwoStep;

/// <summary>Two-step verification's rows: the sealed secret, the newest step used, hashes of recovery codes.</summary>
sealed class TwoStepStore(NpgsqlDataSource database, UnitOfWork work, IDataProtectionProvider protection, IMediator mediator,
    ProductUrl address, TimeProvider clock)
{
    /// <summary>Longer than any code, however it is spaced.</summary>
    const int LongestTyped = 40;

    readonly IDataProtector _protector = protection.CreateProtector("two-step secret");

    public async Task<DateTimeOffset?> OnSince(AccountId account, CancellationToken ct) =>
        await database.Value<DateTime?>("select on_since from security.two_step where account_id = @id",
            new { id = account.Value }, ct);

    /// <summary>A code of the app, each step once; or a recovery code, each once.
    /// The database decides, so that no two nodes take the same one.</summary>
    public async Task<bool> Accepts(AccountId account, string? typed, Origin origin, CancellationToken ct)
    {
        if (typed is null || typed.Length > LongestTyped) return false;
        var code = RecoveryCodes.Plain(typed);
        if (code.Length != Totp.Digits || !code.All(char.IsAsciiDigit)) return await UsesUp(account, code, origin, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        var secret = await connection.ExecuteScalarAsync<string?>("select secret from security.two_step where account_id = @id",
            new { id = account.Value });
        if (secret is null) return false;
        foreach (var step in Totp.Matches(Open(secret), code, clock.GetUtcNow()))
            if (await connection.ExecuteAsync("update security.two_step set last_step = @step where account_id = @id and last_step < @step",
                new { id = account.Value, step }) == 1)
                return true;
        return false;
    }

    async Task<bool> UsesUp(AccountId id, string code, Origin origin, CancellationToken ct)
    {
        var account = await mediator.Send(new ReadAccount(id), ct);
        if (!account.Granted) return false;
        return (await work.Run<Done>(origin, async change =>
        {
            if (await change.Write("delete from security.recovery_code where account_id = @id and hash = @hash",
                new { id = id.Value, hash = RecoveryCodes.HashOf(id, code) }) != 1) return new TwoStepOff();
            var left = await change.Value<long>("select count(*) from security.recovery_code where account_id = @id",
                new { id = id.Value });
            WriteAudit(change, account.Value, SecurityActions.RecoveryCodeUsed, new RecoveryCodeUsedLetter(account.Value.Name,
                left switch { 0 => "no code", 1 => "1 code", _ => $"{left} codes" }, address.Link("/account/two-step")));
            return Done.It;
        }, ct)).Granted;
    }

    /// <param name="password">Stamp of the one under which the key was prepared; null for none.</param>
    /// <param name="step">The one whose code confirmed the set-up; it counts as used.</param>
    /// <returns>The recovery codes.</returns>
    public Task<Outcome<string[]>> TurnOn(AccountView account, Guid? password, byte[] secret, long step, Origin origin,
        CancellationToken ct) =>
        work.Run<string[]>(origin, async change =>
        {
            if (!await PasswordStore.IsStill(change, account.Id, password)) return new EnrolmentVoid();
            var on = await change.Write(
                "insert into security.two_step (account_id, secret, on_since, last_step) values (@id, @secret, @now, @step) "
                + "on conflict do nothing", new
                {
                    id = account.Id.Value,
                    secret = Convert.ToBase64String(_protector.Protect(secret)),
                    now = change.Now.UtcDateTime,
                    step,
                });
            if (on != 1) return new TwoStepAlreadyOn();
            WriteAudit(change, account, SecurityActions.TwoStepTurnedOn,
                new TwoStepTurnedOnLetter(account.Name, address.Link("/forgot-password")));
            return await Give(change, account.Id);
        }, ct);

    /// <param name="password">Stamp of the one that was shown.</param>
    public Task<Outcome<string[]>> NewCodes(AccountView account, Guid password, Origin origin, CancellationToken ct) =>
        work.Run<string[]>(origin, async change =>
        {
            if (!await PasswordStore.IsStill(change, account.Id, password)) return new ChangedMeanwhile();
            if (await change.Value<Guid?>("select account_id from security.two_step where account_id = @id for update",
                new { id = account.Id.Value }) is null) return new TwoStepOff();
            WriteAudit(change, account, SecurityActions.RecoveryCodesReplaced, null);
            return await Give(change, account.Id);
        }, ct);

    /// <param name="password">As for <see cref="NewCodes"/>.</param>
    public Task<Outcome<Done>> TurnOff(AccountView account, Guid password, Origin origin, CancellationToken ct) =>
        work.Run<Done>(origin, async change => await PasswordStore.IsStill(change, account.Id, password)
            ? await Delete(change, account, SecurityActions.TwoStepTurnedOff, byAdmin: false)
            : new ChangedMeanwhile(), ct);

    async Task<Outcome<Done>> Delete(Change change, AccountView account, string action, bool byAdmin)
    {
        if (await change.Write("delete from security.two_step where account_id = @id", new { id = account.Id.Value }) != 1)
            return new TwoStepOff();
        await change.Write("delete from security.recovery_code where account_id = @id", new { id = account.Id.Value });
        WriteAudit(change, account, action, new TwoStepTurnedOffLetter(account.Name, byAdmin, address.Link("/account/two-step")));
        return Done.It;
    }

    /// <summary>The same by an admin; whom it may reach is asked once more where the row stands still (SPEC S13).</summary>
    /// <param name="letters">To the other admins.</param>
    public async Task<Outcome<Done>> Reset(
        AccountView account, IReadOnlyList<OrganizationId>? asker, Origin origin,
        Func<DateTimeOffset, Task<IReadOnlyList<(Guid Admin, OutgoingMail Mail)>>> letters, CancellationToken ct)
    {
        var told = await letters(clock.GetUtcNow());
        return await work.Run<Done>(origin, async change =>
        {
            if ((await AdminRows.Refused(change.Connection, [account], asker, ct)).TryGetValue(account.Id.Value, out var refusal))
                return refusal;
            foreach (var (_, mail) in told) change.QueueMail(mail);
            return await Delete(change, account, SecurityActions.TwoStepReset, byAdmin: true);
        }, ct);
    }

    static async Task<string[]> Give(Change change, AccountId account)
    {
        var codes = RecoveryCodes.New();
        await change.Write(
            "delete from security.recovery_code where account_id = @id; insert into security.recovery_code (account_id, hash, made_at) "
            + "select @id, hash, @now from unnest(@hashes) hash",
            new
            {
                id = account.Value,
                now = change.Now.UtcDateTime,
                hashes = codes.Select(c => RecoveryCodes.HashOf(account, RecoveryCodes.Plain(c))).ToArray()
            });
        return codes;
    }

    static void WriteAudit(Change change, AccountView account, string action, Letter? letter)
    {
        change.WriteAudit(account.ManagedBy, account.Id.Value, action);
        if (letter is not null) change.QueueMail(new(account.Email, letter, account.ManagedBy?.Value));
    }

    /// <exception cref="CryptographicException">The keys that sealed it are gone.</exception>
    byte[] Open(string secret) => _protector.Unprotect(Convert.FromBase64String(secret));
}
