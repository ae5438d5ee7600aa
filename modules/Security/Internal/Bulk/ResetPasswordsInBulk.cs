namespace DirectoryPlatform.Security.Internal.Bulk;

/// <summary>
/// Many passwords at once (SPEC A10, M7): as <see cref="ResetPasswords"/> does it, but sessions end in the same transaction. A sign-in that
/// is under way waits for it and then ends by itself, see <see cref="PasswordStore.Settled"/>. Admins are passed over, whoever asks: each
/// is reset alone, on the own page, so that the other admins are told (S13).
/// </summary>
sealed class ResetPasswordsInBulk(ProductUrl address) : DependentAction
{
    public override string Name => "reset-password";
    public override string Code => "passwordReset";

    public override BulkWords Words => new("Reset password", "lock", "required to choose a new password", true,
        ["They are signed out everywhere at once, and must choose a new password at their next sign-in.",
            "They need the old password to do so. People who do not know it can use “Forgot your password?”.",
            "Let them know first if you can."])
    { Verb = "Reset the password of", AsksNotify = true };

    public override Refusal? Refused(AccountView account, OrganizationId by, Guid? actor) => TakingBack.Refused(account, by, actor, null);

    public override IReadOnlyList<(string, Refusal)> Obstacles(string now, string by, string target) =>
        [("not exists (select from security.password p where p.account_id = a.id)", new NoPassword())];

    public override async Task<DoneWithAccounts> Do(AccountsToChange chunk, Change change, CancellationToken ct)
    {
        var admins = await AdminRows.Refused(change.Connection, chunk.Accounts, null, ct);
        var reset = (await change.Connection.QueryAsync<Guid>(new CommandDefinition(
            "update security.password set must_change = true where account_id = any(@ids) returning account_id",
            new { ids = chunk.Ids.Where(id => !admins.ContainsKey(id)).ToArray() }, cancellationToken: ct))).ToHashSet();
        var revoked = await WhatCanGetIn.TakeAlongWith(change.Connection, [.. reset], TakeAlong.LinksAndTokens, null, "password reset",
            change.Now, ct);
        foreach (var person in chunk.Those(reset))
        {
            change.WriteAudit(chunk.By, person.Id.Value, SecurityActions.PasswordReset);
            var labels = WhatCanGetIn.Quoted(revoked[person.Id.Value]);
            if (labels.Length > 0)
                change.WriteAudit(chunk.By, person.Id.Value, SecurityActions.ApiTokensRevoked, personal: new { labels });
            if (chunk.Notify)
                change.QueueMail(new(person.Email, new PasswordMustChangeLetter(person.Name, labels, address.Link("/sign-in"),
                    address.Link("/forgot-password")), chunk.By.Value));
        }
        return new(reset);
    }
}

sealed record NoPassword() : Refusal("noPassword", "This account has no password yet.");
