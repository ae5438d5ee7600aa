namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>Whom the gate lets in until it is revoked (SPEC A9); by the hash of the token, which is not kept itself.</summary>
sealed class KnownProviders(Revocations revocations, Admissions admissions, TimeProvider clock)
    : FollowedAnswers<(Guid Directory, string Hash), ProvisioningGrant>(revocations, admissions, clock, Most)
{
    /// <summary>More directories than one node is asked about within a minute (own choice).</summary>
    const int Most = 5_000;
}

sealed class AuthenticateScimTokenHandler(NpgsqlDataSource database, KnownProviders known, Admissions admissions, TimeProvider clock)
    : IRequestHandler<AuthenticateScimToken, ProvisioningGrant?>
{
    /// <summary>The last request is kept to the minute, so that a request does not cost a write.</summary>
    static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    public async Task<ProvisioningGrant?> Handle(AuthenticateScimToken query, CancellationToken ct)
    {
        if (!TokenText.IsOne(query.Token, TokenText.Provisioning)) return null;
        var hash = TokenText.HashOf(query.Token);
        return query.MayBeKnown
            ? await known.Ask((query.Directory, Convert.ToHexString(hash)), () => Read(query.Directory, hash))
            : (await Read(query.Directory, hash))?.Yes;
    }

    /// <summary>By token and directory together: a token at another directory's address is none.</summary>
    async Task<Followed<ProvisioningGrant>?> Read(Guid directory, byte[] hash)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<(Guid Organization, string Name, DateTime? LastRequest)>(
            "select organization_id, name, last_request_at from directory.identity_directory where token_hash = @hash and id = @directory "
                + "and removed_at is null", new { hash, directory })).AsList();
        if (rows is not [var (organization, name, last)]) return null;
        var isOld = last is null || now.UtcDateTime - last > Precision;
        var toNote = isOld && !admissions.IsRepeat;
        if (toNote)
            await connection
                .ExecuteAsync(
                    "update directory.identity_directory set last_request_at = @now where id = @directory and (last_request_at is null "
                    + "or last_request_at < @before)",
                new { directory, now = now.UtcDateTime, before = (now - Precision).UtcDateTime });
        return new(new(new(directory), new OrganizationId(organization), name),
            toNote ? now + Precision : isOld ? now : last!.Value + Precision, directory);
    }
}
