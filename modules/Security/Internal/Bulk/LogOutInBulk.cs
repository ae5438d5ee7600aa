using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Letters;
using DirectoryPlatform.Security.Internal.Sessions;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.Bulk;

/// <summary>Logs many people out everywhere (SPEC A10, M6): no ban, and API tokens stay.</summary>
sealed class LogOutInBulk(ProductUrl address) : DependentAction
{
    public override string Name => "log-out";
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
        var ended = await BulkWork.Changed(connection, $"""
            update security.session set ended_at = $2, ended_why = 'logged out by an admin'
            where id in (select id from security.session where account_id = any($1) and {SessionStore.IsLive("$2")} order by id for update)
              returning account_id
            """, [.. chunk.Accounts.Select(a => a.Id.Value)], chunk.Now, ct);
        var people = chunk.Accounts.Where(a => ended.Contains(a.Id.Value)).ToArray();
        return new(ended,
        [
            AuditLog.Insert([.. people.Select(a => chunk.Entry(a, SecurityActions.LoggedOutEverywhere))]),
            OutgoingMail.Insert(chunk.Notify
                ? [.. people.Where(a => a.Email.Length > 0)
                    .Select(a =>
                        new OutgoingMail(a.Email,
                            new LoggedOutLetter(a.Name, "all your devices", address.Link("/sign-in")), chunk.By.Value))]
                : [], chunk.Now),
        ]);
    }
}

sealed record NotSignedInAnywhere() : Refusal("notSignedInAnywhere", "This person is not signed in anywhere.");
