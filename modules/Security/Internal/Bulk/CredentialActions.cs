namespace DirectoryPlatform.Security.Internal.Bulk;

/// <summary>Logs many people out everywhere (SPEC A10, M6): no ban, and API tokens stay.</summary>
sealed class LogOutInBulk(ProductUrl address) : DependentAction
{
    public override string Name => ManyAccounts.LogOut;
    public override string Code => "loggedOut";
    public override Refusal Nothing => new NotSignedInAnywhere();

    public override BulkWords Words => new("Log out everywhere", "log-out", "logged out", true,
        ["All their sessions end at once, in browsers and in apps.",
            "This is no ban: they can sign in again. Their API tokens keep working."])
    { Verb = "Log out", AsksNotify = true };

    /// <summary>Whoever has asked would lose the session in which the job's page is open.</summary>
    public override Refusal? Refused(AccountView account, OrganizationId by, Guid? actor) => account switch
    {
        _ when account.ManagedBy != by => new NotManagedHere(),
        _ when account.Id.Value == actor => new Yourself(),
        _ => null,
    };

    public override string HasSomething(string now, string by, string target) =>
        $"exists (select from security.session s where s.account_id = a.id and {SessionStore.IsLive(now)})";

    public override async Task<DoneWithAccounts> Do(AccountsToChange chunk, NpgsqlConnection connection, CancellationToken ct)
    {
        // In one order of rows, so that two who end the same sessions never wait in a circle.
        var ended = (await connection.QueryAsync<Guid>($"""
            update security.session set ended_at = @now, ended_why = 'logged out by an admin' where id in (
              select id from security.session where account_id = any(@ids) and {SessionStore.IsLive("@now")} order by id for update)
            returning account_id
            """, new { ids = chunk.Ids(), now = chunk.Now.UtcDateTime })).ToHashSet();
        var people = chunk.Accounts.Where(a => ended.Contains(a.Id.Value)).ToArray();
        return new(ended,
        [
            AuditLog.Insert([.. people.Select(a => chunk.Entry(a, SecurityActions.LoggedOutEverywhere))]),
            chunk.Mails(people, a => new LoggedOutLetter(a.Name, "all your devices", address.Link("/sign-in"))),
        ]);
    }
}

sealed record NotSignedInAnywhere() : Refusal("notSignedInAnywhere", "This person is not signed in anywhere.");

/// <summary>Revokes all API tokens of many people for good (SPEC A10, M8).
/// The history tells each token, the mail of each person all of them.</summary>
sealed class RevokeApiTokensInBulk(ProductUrl address) : DependentAction
{
    public override string Name => ManyAccounts.RevokeApiTokens;
    public override string Code => "apiTokensRevoked";
    public override Refusal Nothing => new NoApiTokens();

    public override BulkWords Words => new("Revoke API tokens", "ban", "left without API tokens", true,
        ["All their API tokens stop working at once and for good; programs that use them cannot act in their names any more.",
            "They can make new ones, unless their authentication policy blocks that."])
    { Verb = "Revoke the API tokens of", AsksNotify = true };

    public override Refusal? Refused(AccountView account, OrganizationId by, Guid? actor) => account.ManagedBy == by ? null
        : new NotManagedHere();

    public override string HasSomething(string now, string by, string target) =>
        $"exists (select from security.api_token t where t.account_id = a.id and t.revoked_at is null and t.expires_at > {now})";

    public override async Task<DoneWithAccounts> Do(AccountsToChange chunk, NpgsqlConnection connection, CancellationToken ct)
    {
        var labels = await WhatCanGetIn.RevokeTokens(connection, chunk.Ids(), chunk.Now);
        var people = chunk.Accounts.Where(a => labels.Contains(a.Id.Value)).ToArray();
        return new(people.Select(a => a.Id.Value).ToHashSet(),
        [
            AuditLog.Insert([.. people.SelectMany(a => labels[a.Id.Value], (a, label) =>
                chunk.Entry(a, SecurityActions.ApiTokenRevoked) with { Personal = AuditLabels.Personal("label", label) })]),
            chunk.Mails(people, a =>
                new ApiTokensRevokedLetter(a.Name, WhatCanGetIn.Quoted(labels[a.Id.Value]), address.Link("/account/api-tokens"))),
        ]);
    }
}

sealed record NoApiTokens() : Refusal("noApiTokens", "This account has no API token that works.");

/// <summary>
/// Many passwords at once (SPEC A10, M7): as <see cref="ResetPasswords"/> does it, but sessions end in the same transaction. A sign-in that
/// is under way waits for it and then ends by itself, see <see cref="PasswordStore.Settled"/>. Admins are passed over, whoever asks: each
/// is reset alone, on the own page, so that the other admins are told (S13).
/// </summary>
sealed class ResetPasswordsInBulk(ProductUrl address) : DependentAction
{
    public override string Name => ManyAccounts.ResetPassword;
    public override string Code => "passwordReset";
    public override Refusal Nothing => new NoPassword();

    public override BulkWords Words => new("Reset password", "lock", "asked for a new password", true,
        ["They are logged out everywhere at once, and have to choose another password at the next sign-in.",
            "The old password is still asked for before that. Whoever does not know it uses “Forgot your password?”.",
            "Warn them first, if you can: otherwise this comes as a surprise."])
    { Verb = "Reset the password of", AsksNotify = true };

    public override Refusal? Refused(AccountView account, OrganizationId by, Guid? actor) => TakingBack.Refused(account, by, actor, null);

    public override string HasSomething(string now, string by, string target) =>
        "exists (select from security.password p where p.account_id = a.id)";

    public override async Task<DoneWithAccounts> Do(AccountsToChange chunk, NpgsqlConnection connection, CancellationToken ct)
    {
        var admins = await AdminRows.Refused(connection, chunk.Accounts, null, ct);
        var ids = chunk.Accounts.Select(a => a.Id.Value).Where(id => !admins.ContainsKey(id)).ToArray();
        var reset = (await connection.QueryAsync<Guid>(
            "update security.password set must_change = true where account_id = any(@ids) returning account_id", new { ids })).ToHashSet();
        var revoked = await WhatCanGetIn.TakeAlongWith(connection, [.. reset], TakeAlong.LinksAndTokens, null, "password reset", chunk.Now,
            ct);
        var people = chunk.Accounts.Where(a => reset.Contains(a.Id.Value)).ToArray();
        return new(reset,
        [
            AuditLog.Insert([.. people.Select(a => chunk.Entry(a, SecurityActions.PasswordReset)),
                .. WhatCanGetIn.Entries(revoked, _ => chunk.By.Value, chunk.Origin, chunk.Now, chunk.Job.Value)]),
            chunk.Mails(people, a => new PasswordMustChangeLetter(a.Name, WhatCanGetIn.Quoted(revoked[a.Id.Value]),
                address.Link("/sign-in"), address.Link("/forgot-password"))),
        ]);
    }
}

sealed record NoPassword() : Refusal("noPassword", "This account has no password yet.");

/// <summary>What this room's bulk actions have in common.</summary>
static class BulkWork
{
    public static Guid[] Ids(this AccountsToChange chunk) => [.. chunk.Accounts.Select(a => a.Id.Value)];

    /// <summary>In the organization's log, with the job that did it.</summary>
    public static AuditEntry Entry(this AccountsToChange chunk, AccountView account, string action) =>
        new(Guid.CreateVersion7(chunk.Now), chunk.Now, chunk.By.Value, chunk.Origin, account.Id.Value, action, chunk.Job.Value);

    /// <summary>To those who still have an address, unless the admin switched it off.</summary>
    public static NpgsqlBatchCommand Mails(this AccountsToChange chunk, IEnumerable<AccountView> people, Func<AccountView, Letter> write) =>
        OutgoingMail.Insert(chunk.Notify
            ? [.. people.Where(a => a.Email.Length > 0).Select(a => new OutgoingMail(a.Email, write(a), chunk.By.Value))]
            : [], chunk.Now);
}
