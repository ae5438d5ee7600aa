using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Letters;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Security.Internal.TwoStep;
using Npgsql;

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
        var reset = await BulkWork.Changed(connection,
            "update security.password set must_change = true where account_id = any($1) returning account_id", ids, chunk.Now, ct);
        var revoked = await WhatCanGetIn.TakeAlongWith(connection, [.. reset], TakeAlong.LinksAndTokens, null, "password reset", chunk.Now,
            ct);
        var people = chunk.Accounts.Where(a => reset.Contains(a.Id.Value)).ToArray();
        return new(reset,
        [
            AuditLog.Insert([.. people.Select(a => chunk.Entry(a, SecurityActions.PasswordReset)),
                .. WhatCanGetIn.Entries(revoked, _ => chunk.By.Value, chunk.Origin, chunk.Now, chunk.Job.Value)]),
            OutgoingMail.Insert(chunk.Notify
                ? [.. people.Select(a =>
                    new OutgoingMail(a.Email,
                        new PasswordMustChangeLetter(a.Name, WhatCanGetIn.Quoted(revoked[a.Id.Value]), address.Link("/sign-in"),
                            address.Link("/forgot-password")), chunk.By.Value))]
                : [], chunk.Now),
        ]);
    }
}

sealed record NoPassword() : Refusal("noPassword", "This account has no password yet.");
