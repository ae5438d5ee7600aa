namespace DirectoryPlatform.Security.Internal.Bulk;

/// <summary>Revokes all API tokens of many people for good (SPEC A10, M8).
/// The history tells each token, the mail of each person all of them.</summary>
sealed class RevokeApiTokensInBulk(ProductUrl address) : DependentAction
{
    public override string Name => ManyAccounts.RevokeApiTokens;
    public override string Code => "apiTokensRevoked";

    public override BulkWords Words => new("Revoke API tokens", "ban", "left without API tokens", true,
        ["All their API tokens permanently stop working at once. Programs that use them can no longer act on their behalf.",
            "They can create new ones, unless their authentication policy blocks that."])
    { Verb = "Revoke the API tokens of", AsksNotify = true };

    public override IReadOnlyList<(string, Refusal)> Obstacles(string now, string by, string target) =>
        [($"""
            not exists (select from security.api_token t where t.account_id = a.id and t.revoked_at is null and t.expires_at > {now})
            """, new NoApiTokens())];

    public override async Task<DoneWithAccounts> Do(AccountsToChange chunk, Change change, CancellationToken ct)
    {
        var labels = await WhatCanGetIn.RevokeTokens(change.Connection, chunk.Ids, change.Now, ct);
        var revoked = labels.Select(t => t.Key).ToHashSet();
        foreach (var person in chunk.Those(revoked))
        {
            var theirs = labels[person.Id.Value];
            foreach (var label in theirs)
                change.WriteAudit(chunk.By, person.Id.Value, SecurityActions.ApiTokenRevoked, personal: new { label });
            if (chunk.Notify)
                change.QueueMail(new(person.Email,
                    new ApiTokensRevokedLetter(person.Name, WhatCanGetIn.Quoted(theirs), address.Link("/account/api-tokens")),
                    chunk.By.Value));
        }
        return new(revoked);
    }
}

sealed record NoApiTokens() : Refusal("noApiTokens", "This account has no active API tokens.");
