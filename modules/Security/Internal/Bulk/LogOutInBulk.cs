namespace DirectoryPlatform.Security.Internal.Bulk;

/// <summary>Signs many people out everywhere (SPEC A10, M6): no ban, and API tokens stay.</summary>
sealed class LogOutInBulk(ProductUrl address) : DependentAction
{
    public override string Name => "log-out";
    public override string Code => "loggedOut";

    public override BulkWords Words => new("Sign out everywhere", "log-out", "signed out", true,
        ["All their sessions end at once, in browsers and in apps.",
            "They can sign in again. Their API tokens keep working."])
    { Verb = "Sign out", AsksNotify = true };

    /// <summary>Whoever has asked would lose the session in which the job's page is open.</summary>
    public override Refusal? Refused(AccountView account, OrganizationId by, Guid? actor) =>
        account.Id.Value == actor ? new Yourself() : null;

    public override IReadOnlyList<(string, Refusal)> Obstacles(string now, string by, string target) =>
        [($"not exists (select from security.session s where s.account_id = a.id and {SessionStore.IsLive(now)})",
            new NotSignedInAnywhere())];

    public override async Task<DoneWithAccounts> Do(AccountsToChange chunk, Change change, CancellationToken ct)
    {
        await change.Run([CredentialsStore.Raise(chunk.Ids)], ct);
        // In one order of rows, so that two who end the same sessions never wait in a circle.
        var ended = (await change.Connection.QueryAsync<Guid>(new CommandDefinition($"""
            update security.session set ended_at = @now, ended_why = 'signed out by an admin'
            where id in (select id from security.session where account_id = any(@ids) and {SessionStore.IsLive("@now")} order by id
              for update) returning account_id
            """, new { ids = chunk.Ids, now = change.Now.UtcDateTime }, cancellationToken: ct))).ToHashSet();
        foreach (var person in chunk.Those(ended))
        {
            change.WriteAudit(chunk.By, person.Id.Value, SecurityActions.LoggedOutEverywhere);
            if (chunk.Notify)
                change.QueueMail(new(person.Email, new LoggedOutLetter(person.Name, "all your devices", address.Link("/sign-in")),
                    chunk.By.Value));
        }
        return new(ended);
    }
}

sealed record NotSignedInAnywhere() : Refusal("notSignedInAnywhere", "This person is not signed in anywhere.");
