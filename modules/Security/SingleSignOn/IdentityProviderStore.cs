using Dapper;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using Npgsql;

namespace DirectoryPlatform.Security.Saml;

/// <param name="Version">Moves with every change; a test sign-in counts for the settings that it was made with.</param>
sealed record ProviderRow(long Version, ProviderSettings? InForce, ProviderSettings? Proposed)
{
    /// <summary>What a test sign-in tests.</summary>
    public ProviderSettings? Tested => Proposed ?? InForce;
}

/// <summary>The rows of identity providers; every change with its audit entry.</summary>
sealed class IdentityProviderStore(NpgsqlDataSource database, PublicAddress address, TimeProvider clock)
{
    public OurSide Ours(OrganizationId organization) =>
        new(address.Link($"/sso/{organization}"), address.Link($"/sso/{organization}/acs"), address.Link($"/sso/{organization}/metadata"));

    public async Task<ProviderRow?> Of(OrganizationId organization, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await Read(connection, organization, "");
    }

    public async Task<IReadOnlyList<string>> PoliciesOf(OrganizationId organization, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<string>(
            "select name from security.policy where organization_id = @id and single_sign_on order by name_key",
            new { id = organization.Value })).AsList();
    }

    public Task<Outcome<Done>> Propose(OrganizationId organization, ProviderSettings settings, Origin origin, CancellationToken ct) =>
        Write(organization, async (connection, before) =>
    {
        await connection.ExecuteAsync("""
            insert into security.identity_provider (organization_id, proposed, changed_at) values (@id, @json::jsonb, @now)
            on conflict (organization_id) do update set proposed = excluded.proposed, changed_at = excluded.changed_at, version =
              identity_provider.version + 1
            """, new { id = organization.Value, json = KernelJson.Write(settings), now = clock.GetUtcNow().UtcDateTime });
        await Tell(connection, organization, "IdentityProviderProposed", origin, before?.Proposed ?? before?.InForce, settings, ct);
        return Done.It;
    }, ct);

    public Task<Outcome<Done>> Withdraw(OrganizationId organization, Origin origin, CancellationToken ct) =>
        Write(organization, async (connection, before) =>
    {
        if (before?.Proposed is not { } proposed) return new NoProposedProvider();
        await connection.ExecuteAsync(before.InForce is null
            ? "delete from security.identity_provider where organization_id = @id"
            : "update security.identity_provider set proposed = null, changed_at = @now, version = version + 1 where organization_id = @id",
            new { id = organization.Value, now = clock.GetUtcNow().UtcDateTime });
        await Tell(connection, organization, "IdentityProviderWithdrawn", origin, proposed, null, ct);
        return Done.It;
    }, ct);

    public Task<Outcome<Done>> Remove(OrganizationId organization, Origin origin, CancellationToken ct) =>
        Write(organization, async (connection, before) =>
    {
        if (before is null) return new NotFound("identity provider");
        try
        {
            await connection.ExecuteAsync("delete from security.identity_provider where organization_id = @id",
            new { id = organization.Value });
        }
        // The database keeps a policy from leading to nowhere, whoever is faster.
        catch (PostgresException used) when (used.SqlState == PostgresErrorCodes.ForeignKeyViolation) { return new ProviderInUse(); }
        await Tell(connection, organization, "IdentityProviderRemoved", origin, before.InForce ?? before.Proposed, null, ct);
        return Done.It;
    }, ct);

    /// <summary>A sign-in has worked with these settings: they come into force.</summary>
    /// <param name="version">Of the settings that the sign-in was made with; others since, and nothing happens.</param>
    /// <returns>Whether there was something to adopt.</returns>
    public async Task<bool> Adopt(OrganizationId organization, long version, Origin origin, CancellationToken ct) =>
        (await Write(organization, async (connection, before) =>
    {
        if (before is not { Proposed: { } proposed } || before.Version != version) return new NoProposedProvider();
        await connection
            .ExecuteAsync(
                "update security.identity_provider set in_force = proposed, proposed = null, changed_at = @now, version = version + 1 "
                + "where organization_id = @id",
            new { id = organization.Value, now = clock.GetUtcNow().UtcDateTime });
        await Tell(connection, organization, "IdentityProviderInForce", origin, before.InForce, proposed, ct);
        return Done.It;
    }, ct)).Granted;

    /// <summary>For a policy that is about to lead people there, in its transaction: the row stays until that is over.</summary>
    public static async Task<bool> IsReady(NpgsqlConnection connection, OrganizationId organization) =>
        await connection
            .ExecuteScalarAsync<bool?>("select in_force is not null from security.identity_provider where organization_id = @id for share",
                new { id = organization.Value }) is true;

    async Task<Outcome<Done>> Write(OrganizationId organization, Func<NpgsqlConnection, ProviderRow?, Task<Outcome<Done>>> work,
        CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var outcome = await work(connection, await Read(connection, organization, "for update"));
        if (outcome.Granted) await transaction.CommitAsync(ct);
        return outcome;
    }

    static async Task<ProviderRow?> Read(NpgsqlConnection connection, OrganizationId organization, string wait) =>
        (await connection.QueryAsync<(long Version, string? InForce, string? Proposed)>(
            $"select version, in_force, proposed from security.identity_provider where organization_id = @id {wait}",
            new { id = organization.Value }))
            .Select(r => new ProviderRow(r.Version, Settings(r.InForce), Settings(r.Proposed))).SingleOrDefault();

    static ProviderSettings? Settings(string? json) => json is null ? null : KernelJson.Read<ProviderSettings>(json);

    async Task Tell(NpgsqlConnection connection, OrganizationId organization, string action, Origin origin, ProviderSettings? before,
        ProviderSettings? after, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands
            .Add(AuditLog.Insert(
                [new(Guid.CreateVersion7(now), now, organization.Value, origin, organization.Value, action, null, null, Said(before),
                    Said(after), null)]));
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Certificates by their fingerprints: they are public, and long.</summary>
    static string? Said(ProviderSettings? settings) => settings is null ? null : KernelJson.Write(new Dictionary<string, string>
    {
        ["entityId"] = settings.EntityId,
        ["signInAddress"] = settings.SignInAddress,
        ["certificates"] = string.Join(' ', settings.Certificates.Select(c => c.Fingerprint)),
    });
}
