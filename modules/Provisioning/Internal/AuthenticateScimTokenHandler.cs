namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>Whom the gate has let in within the last half second (SPEC A9); by the hash of the token, which is not kept itself.</summary>
sealed class RecentProviders(TimeProvider clock) : RecentAnswers<(Guid Directory, string Hash), ProvisioningGrant>(clock, Most)
{
    /// <summary>More directories than one node is asked about within half a second (own choice).</summary>
    const int Most = 5_000;
}

sealed class AuthenticateScimTokenHandler(NpgsqlDataSource database, RecentProviders recent, TimeProvider clock)
    : IRequestHandler<AuthenticateScimToken, ProvisioningGrant?>
{
    /// <summary>The last request is kept to the minute, so that a request does not cost a write.</summary>
    static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    public Task<ProvisioningGrant?> Handle(AuthenticateScimToken query, CancellationToken ct)
    {
        if (!TokenText.IsOne(query.Token, TokenText.Provisioning)) return Task.FromResult<ProvisioningGrant?>(null);
        var hash = TokenText.HashOf(query.Token);
        return query.MayBeRecent
            ? recent.Ask((query.Directory, Convert.ToHexString(hash)), () => Read(query.Directory, hash), ct)
            : Read(query.Directory, hash);
    }

    /// <summary>By token and directory together: a token at another directory's address is none.</summary>
    async Task<ProvisioningGrant?> Read(Guid directory, byte[] hash)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<(Guid Organization, string Name, DateTime? LastRequest)>(
            "select organization_id, name, last_request_at from directory.identity_directory where token_hash = @hash and id = @directory "
                + "and removed_at is null", new { hash, directory })).AsList();
        if (rows is not [var (organization, name, last)]) return null;
        if (last is null || now.UtcDateTime - last > Precision)
            await connection
                .ExecuteAsync(
                    "update directory.identity_directory set last_request_at = @now where id = @directory and (last_request_at is null "
                    + "or last_request_at < @before)",
                new { directory, now = now.UtcDateTime, before = (now - Precision).UtcDateTime });
        return new(new(directory), new OrganizationId(organization), name);
    }
}
