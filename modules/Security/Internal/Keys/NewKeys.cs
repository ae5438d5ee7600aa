namespace DirectoryPlatform.Security.Internal.Keys;

/// <summary>Makes API keys, whoever asked for one and how (SPEC P1, P9).</summary>
sealed class NewKeys(IMediator mediator, ProductUrl address)
{
    /// <summary>Null for who is no admin of the organization, or may not act.</summary>
    public async Task<AccountView?> Admin(AccountId id, OrganizationId organization, CancellationToken ct) =>
        await mediator.Send(new ReadAccount(id), ct) is { Granted: true, Value: { State: AccountState.Active } admin }
            && admin.AdminOf.Contains(organization) ? admin : null;

    /// <summary>With its entry and the mail that tells its admin. Refused with <see cref="TooManyApiKeys"/>.</summary>
    public async Task<Outcome<NewApiKey>> Make(Change change, AccountView admin, OrganizationId organization, string name,
        ApiScope[] scopes, int days)
    {
        var (id, secret, expires) = (Guid.CreateVersion7(change.Now), TokenText.New(TokenText.Key), change.Now.AddDays(days));
        var values = new
        {
            id,
            organization = organization.Value,
            account = admin.Id.Value,
            hash = TokenText.HashOf(secret),
            name,
            names = scopes.Select(s => s.Name()).ToArray(),
            now = change.Now.UtcDateTime,
            expires = expires.UtcDateTime,
        };
        // One at a time for each organization: no two requests pass the limit together.
        await change.Lock($"api keys:{organization}");
        var live = await change.Value<long>(
            "select count(*) from security.api_key where organization_id = @organization and revoked_at is null and expires_at > @now",
            values);
        if (live >= CreateApiKey.MostKeys) return new TooManyApiKeys(CreateApiKey.MostKeys);
        await change.Write("""
            insert into security.api_key (id, organization_id, account_id, token_hash, name, scopes, created_at, expires_at)
              values (@id, @organization, @account, @hash, @name, @names, @now, @expires)
            """, values);
        ApiKeyHandlers.WriteAudit(change, SecurityActions.ApiKeyCreated, organization, admin.Id, id, name, string.Join(' ', values.names));
        if (admin.Email.Length > 0)
            change.QueueMail(new(admin.Email,
                new ApiKeyCreatedLetter(admin.Name, name, string.Join(", ", values.names), expires.InLetters(),
                    address.Link($"/o/{organization}/api-keys")),
                organization.Value));
        return new NewApiKey(secret, new ApiKeyView(id, name, scopes, admin.Id, admin.Name, change.Now, expires, null, null));
    }
}
