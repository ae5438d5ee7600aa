using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Letters;
using DirectoryPlatform.Security.Internal.Sessions;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.Bulk;

/// <summary>Revokes all API tokens of many people for good (SPEC A10, M8).
/// The history tells each token, the mail of each person all of them.</summary>
sealed class RevokeApiTokensInBulk(ProductUrl address) : DependentAction
{
    public override string Name => "revoke-api-tokens";
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
        var labels = new Dictionary<Guid, List<string>>();
        await using (var command = new NpgsqlCommand("""
            update security.api_token set revoked_at = $2
            where id in (select id from security.api_token where account_id = any($1) and revoked_at is null and expires_at > $2
              order by id for update) returning account_id, label
            """, connection)
        {
            Parameters = { new() { Value = chunk.Accounts.Select(a => a.Id.Value).ToArray() },
                new() { Value = chunk.Now.UtcDateTime } }
        })
        await using (var rows = await command.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
            {
                if (!labels.TryGetValue(rows.GetGuid(0), out var theirs)) labels[rows.GetGuid(0)] = theirs = [];
                theirs.Add(rows.GetString(1));
            }
        var people = chunk.Accounts.Where(a => labels.ContainsKey(a.Id.Value)).ToArray();
        return new(labels.Keys.ToHashSet(),
        [
            AuditLog.Insert(
                [.. people.SelectMany(a => labels[a.Id.Value]
                    .Select(label =>
                        chunk.Entry(a, SecurityActions.ApiTokenRevoked) with { Personal = AuditLabels.Personal("label", label) }))]),
            OutgoingMail.Insert(chunk.Notify
                ? [.. people.Where(a => a.Email.Length > 0)
                    .Select(a =>
                        new OutgoingMail(a.Email,
                            new ApiTokensRevokedLetter(a.Name, string.Join(", ", labels[a.Id.Value].Select(l => $"“{l}”")),
                            address.Link("/account/api-tokens")), chunk.By.Value))]
                : [], chunk.Now),
        ]);
    }
}

sealed record NoApiTokens() : Refusal("noApiTokens", "This account has no API token that works.");
