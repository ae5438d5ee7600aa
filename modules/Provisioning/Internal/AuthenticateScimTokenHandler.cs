using System.Security.Cryptography;

namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>Whom the gate lets in until it is revoked (SPEC A9); by the hash of the token, which is not kept itself.</summary>
sealed class KnownProviders(Revocations revocations, Admissions admissions, TimeProvider clock)
    : FollowedAnswers<(Guid Directory, string Hash), ProvisioningGrant>(revocations, admissions, clock, Most)
{
    /// <summary>More directories than one node is asked about within a minute (own choice).</summary>
    const int Most = 5_000;
}

/// <param name="Hash">Of the token that opens it.</param>
sealed record OpenDirectory(byte[] Hash, Guid Organization, string Name, DateTime? LastRequest);

/// <summary>
/// Directories by their tokens, as their rows are now. A provider sends many changes at once, and each is checked on the row (SPEC A9):
/// those that wait together are let in by one look, which begins when all of them have come.
/// </summary>
sealed class DirectoryTokens(NpgsqlDataSource database)
    : Together<(Guid Directory, byte[] Hash), OpenDirectory?>(loops: 2, most: 256, enough: 16)
{
    /// <summary>By token and directory together: a token at another directory's address is none.</summary>
    public Task<OpenDirectory?> Find(Guid directory, byte[] hash) => Add((directory, hash));

    protected override async Task Take(IReadOnlyList<Waiting> together)
    {
        await using var command = database.CreateCommand("""
            select id, token_hash, organization_id, name, last_request_at from directory.identity_directory
              where id = any($1) and token_hash is not null and removed_at is null
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. together.Select(t => t.What.Directory).Distinct()] });
        var open = new Dictionary<Guid, OpenDirectory>();
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync())
                open[rows.GetGuid(0)] = new(rows.GetFieldValue<byte[]>(1), rows.GetGuid(2), rows.GetString(3),
                    rows.IsDBNull(4) ? null : rows.GetDateTime(4));
        foreach (var one in together)
            one.TrySetResult(open.TryGetValue(one.What.Directory, out var directory)
                && CryptographicOperations.FixedTimeEquals(directory.Hash, one.What.Hash) ? directory : null);
    }
}

sealed class AuthenticateScimTokenHandler(
    NpgsqlDataSource database, DirectoryTokens tokens, KnownProviders known, Admissions admissions, TimeProvider clock)
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

    async Task<Followed<ProvisioningGrant>?> Read(Guid directory, byte[] hash)
    {
        var now = clock.GetUtcNow();
        if (await tokens.Find(directory, hash) is not var (_, organization, name, last)) return null;
        var isOld = last is null || now.UtcDateTime - last > Precision;
        var toNote = isOld && !admissions.IsRepeat;
        if (toNote)
            await database.Write(
                "update directory.identity_directory set last_request_at = @now where id = @directory and (last_request_at is null "
                + "or last_request_at < @before)",
                new { directory, now = now.UtcDateTime, before = (now - Precision).UtcDateTime });
        return new(new(new(directory), new OrganizationId(organization), name),
            toNote ? now + Precision : isOld ? now : last!.Value + Precision, directory);
    }
}
