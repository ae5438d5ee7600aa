namespace DirectoryPlatform.Sites.Internal.Hearing;

/// <summary>Keeps the names and addresses of those who are listed as their accounts say them. What stands there now is asked, so that a
/// fact heard twice or late does no harm.</summary>
sealed class WhenPeopleChange(NpgsqlDataSource database, IMediator mediator)
    : INotificationHandler<DetailChanged>, INotificationHandler<EmailAddressChanged>, INotificationHandler<AddressWithdrawn>
{
    public Task Handle(DetailChanged fact, CancellationToken ct) => fact.Detail is AccountDetail.Name
        ? Copy(fact.Account, ct)
        : Task.CompletedTask;

    public Task Handle(EmailAddressChanged fact, CancellationToken ct) => Copy(fact.Account, ct);

    public Task Handle(AddressWithdrawn fact, CancellationToken ct) => Copy(fact.Account, ct);

    async Task Copy(AccountId id, CancellationToken ct)
    {
        if (await mediator.Send(new ReadAccount(id), ct) is not { Granted: true, Value: { State: not AccountState.Deleted } account })
            return;
        await using var batch = database.CreateBatch();
        foreach (var (table, key) in ((string, string)[])[("sites.person", "account_id"), ("sites.listed", "id")])
            batch.BatchCommands.Add(new($"update {table} set name_key = $2, email = $3 where {key} = $1")
            {
                Parameters = { new() { Value = id.Value }, new() { Value = SearchKey.Of(account.Name) }, new() { Value = account.Email } },
            });
        await batch.ExecuteNonQueryAsync(ct);
    }
}
