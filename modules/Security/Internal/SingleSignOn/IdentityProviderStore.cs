using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

namespace DirectoryPlatform.Security.Internal.SingleSignOn;

/// <param name="Version">Moves with every change; a test sign-in counts for the settings that it was made with.</param>
sealed record ProviderRow(long Version, ProviderSettings? InForce, ProviderSettings? Proposed)
{
    /// <summary>What a test sign-in tests.</summary>
    public ProviderSettings? Tested => Proposed ?? InForce;
}

/// <summary>The rows of identity providers; every change with its audit entry.</summary>
sealed class IdentityProviderStore(NpgsqlDataSource database, UnitOfWork work, ProductUrl address, TimeProvider clock)
    : IRequestHandler<ReadIdentityProvider, IdentityProviderView>, IRequestHandler<ReadOurMetadata, string>,
    IRequestHandler<ProposeIdentityProvider, Outcome<Done>>, IRequestHandler<WithdrawProposedProvider, Outcome<Done>>,
    IRequestHandler<RemoveIdentityProvider, Outcome<Done>>
{
    public async Task<IdentityProviderView> Handle(ReadIdentityProvider query, CancellationToken ct)
    {
        var row = await Of(query.Organization, ct);
        return new(Ours(query.Organization), row?.InForce, row?.Proposed, await PoliciesOf(query.Organization, ct));
    }

    public Task<string> Handle(ReadOurMetadata query, CancellationToken ct)
    {
        var ours = Ours(query.Organization);
        return Task.FromResult(OurMetadata.Write(ours.EntityId, ours.AnswersTo));
    }

    public OurSide Ours(OrganizationId organization) =>
        new(address.Link($"/sso/{organization}"), address.Link($"/sso/{organization}/acs"), address.Link($"/sso/{organization}/metadata"));

    public async Task<ProviderRow?> Of(OrganizationId organization, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await Read(connection, organization, "");
    }

    async Task<IReadOnlyList<string>> PoliciesOf(OrganizationId organization, CancellationToken ct) =>
        await database.Rows<string>(
            "select name from security.policy where organization_id = @id and single_sign_on order by name_key",
            new { id = organization.Value }, ct);

    public async Task<Outcome<Done>> Handle(ProposeIdentityProvider command, CancellationToken ct)
    {
        var settings = Settings(command);
        if (!settings.Granted) return settings.Refusal;
        return await Write(command.Organization, command.Origin, async (change, before) =>
        {
            await change.Write("""
                insert into security.identity_provider (organization_id, proposed, changed_at) values (@id, @json::jsonb, @now)
                on conflict (organization_id) do update set proposed = excluded.proposed, changed_at = excluded.changed_at, version =
                  identity_provider.version + 1
                """, new { id = command.Organization.Value, json = KernelJson.Write(settings.Value), now = change.Now.UtcDateTime });
            WriteAudit(change, command.Organization, SecurityActions.IdentityProviderProposed, before?.Proposed ?? before?.InForce,
                settings.Value);
            return Done.It;
        }, ct);
    }

    Outcome<ProviderSettings> Settings(ProposeIdentityProvider typed)
    {
        var now = clock.GetUtcNow();
        if (!string.IsNullOrWhiteSpace(typed.Metadata)) return ProviderMetadata.Read(typed.Metadata.Trim().TrimStart('\uFEFF'), now);
        // In the order of the fields; the certificate comes last there, too.
        var settings = ProviderSettings.Of(typed.EntityId, typed.SignInAddress, []);
        if (!settings.Granted) return settings;
        var certificates = CertificateText.Read(typed.Certificates, now);
        return certificates.Granted
            ? settings.Value with { Certificates = certificates.Value.Taken, LeftOut = certificates.Value.LeftOut }
            : certificates.Refusal;
    }

    public Task<Outcome<Done>> Handle(WithdrawProposedProvider command, CancellationToken ct) =>
        Write(command.Organization, command.Origin, async (change, before) =>
    {
        if (before?.Proposed is not { } proposed) return new NoProposedProvider();
        await change.Write(before.InForce is null
            ? "delete from security.identity_provider where organization_id = @id"
            : "update security.identity_provider set proposed = null, changed_at = @now, version = version + 1 where organization_id = @id",
            new { id = command.Organization.Value, now = change.Now.UtcDateTime });
        WriteAudit(change, command.Organization, SecurityActions.IdentityProviderWithdrawn, proposed, null);
        return Done.It;
    }, ct);

    public Task<Outcome<Done>> Handle(RemoveIdentityProvider command, CancellationToken ct) =>
        Write(command.Organization, command.Origin, async (change, before) =>
    {
        if (before is null) return new NotFound("identity provider");
        try
        {
            await change.Write("delete from security.identity_provider where organization_id = @id",
            new { id = command.Organization.Value });
        }
        // The database keeps a policy from leading to nowhere, whoever is faster.
        catch (PostgresException used) when (used.SqlState == PostgresErrorCodes.ForeignKeyViolation) { return new ProviderInUse(); }
        WriteAudit(change, command.Organization, SecurityActions.IdentityProviderRemoved, before.InForce ?? before.Proposed, null);
        return Done.It;
    }, ct);

    /// <summary>A sign-in has worked with these settings: they come into force.</summary>
    /// <param name="version">Of the settings that the sign-in was made with; others since, and nothing happens.</param>
    /// <returns>Whether there was something to adopt.</returns>
    public async Task<bool> Adopt(OrganizationId organization, long version, Origin origin, CancellationToken ct) =>
        (await Write(organization, origin, async (change, before) =>
    {
        if (before is not { Proposed: { } proposed } || before.Version != version) return new NoProposedProvider();
        await change.Write(
            "update security.identity_provider set in_force = proposed, proposed = null, changed_at = @now, version = version + 1 "
            + "where organization_id = @id",
            new { id = organization.Value, now = change.Now.UtcDateTime });
        WriteAudit(change, organization, SecurityActions.IdentityProviderInForce, before.InForce, proposed);
        return Done.It;
    }, ct)).Granted;

    /// <summary>For a policy that is about to lead people there, in its transaction: the row stays until that is over.</summary>
    public static async Task<bool> IsReady(NpgsqlConnection connection, OrganizationId organization) =>
        await connection
            .ExecuteScalarAsync<bool?>("select in_force is not null from security.identity_provider where organization_id = @id for share",
                new { id = organization.Value }) is true;

    Task<Outcome<Done>> Write(OrganizationId organization, Origin origin, Func<Change, ProviderRow?, Task<Outcome<Done>>> write,
        CancellationToken ct) =>
        work.Run<Done>(origin, async change => await write(change, await Read(change.Connection, organization, "for update")), ct);

    static async Task<ProviderRow?> Read(NpgsqlConnection connection, OrganizationId organization, string wait) =>
        (await connection.QueryAsync<(long Version, string? InForce, string? Proposed)>(
            $"select version, in_force, proposed from security.identity_provider where organization_id = @id {wait}",
            new { id = organization.Value }))
            .Select(r => new ProviderRow(r.Version, Settings(r.InForce), Settings(r.Proposed))).SingleOrDefault();

    static ProviderSettings? Settings(string? json) => json is null ? null : KernelJson.Read<ProviderSettings>(json);

    static void WriteAudit(Change change, OrganizationId organization, string action, ProviderSettings? before, ProviderSettings? after) =>
        change.WriteAudit(organization, organization.Value, action, Shown(before), Shown(after));

    /// <summary>Certificates by their fingerprints: they are public, and long.</summary>
    static object? Shown(ProviderSettings? settings) => settings is null ? null : new Dictionary<string, string>
    {
        ["entityId"] = settings.EntityId,
        ["signInAddress"] = settings.SignInAddress,
        ["certificates"] = string.Join(' ', settings.Certificates.Select(c => c.Fingerprint)),
    };
}
