using Dapper;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Names;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Tokens;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Provisioning;

sealed class IdentityDirectoryHandlers(NpgsqlDataSource database, IMediator mediator, IdentityDirectoryReading reading,
    RecentProviders recent, TimeProvider clock) :
    IRequestHandler<CreateIdentityDirectory, Outcome<NewProvisioningToken>>,
    IRequestHandler<RenewProvisioningToken, Outcome<NewProvisioningToken>>, IRequestHandler<RemoveIdentityDirectory, Outcome<Done>>
{
    static readonly NotFound Unknown = new("directory");

    public async Task<Outcome<NewProvisioningToken>> Handle(CreateIdentityDirectory command, CancellationToken ct)
    {
        var read = PlainText.ReadName(command.Name, longest: CreateIdentityDirectory.MaxName);
        if (!read.Granted) return read.Refusal;
        var (name, key) = (read.Value, SearchKey.Unique(read.Value));
        if (!(await mediator.Send(new ReadPolicyAssignment(command.Organization), ct)).Default.Settings.Billable)
            return new DefaultPolicyNonBillable();
        var (id, token, now) = (Guid.CreateVersion7(), TokenText.New(TokenText.Provisioning), clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One at a time for each organization: no two requests pass the limit or take a name together.
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('identity directories ' || @id::text, 0))",
            new { id = command.Organization.Value });
        var names = (
            await connection
            .QueryAsync<string>("select name_key from directory.identity_directory where organization_id = @id and removed_at is null",
                new { id = command.Organization.Value })).AsList();
        if (names.Contains(key)) return new DirectoryNameTaken();
        if (names.Count >= CreateIdentityDirectory.Most) return new TooManyDirectories();
        await connection.ExecuteAsync("""
            insert into directory.identity_directory (id, organization_id, name, name_key, token_hash, token_made_at, created_at,
                created_by)
              values (@id, @organization, @name, @key, @hash, @now, @now, @by)
            """, new
        {
            id,
            organization = command.Organization.Value,
            name,
            key,
            hash = TokenText.HashOf(token),
            now = now.UtcDateTime,
            by = command.By.Value
        });
        await Tell(transaction, command.Organization, id, name, "IdentityDirectoryCreated", command.Origin, ct);
        return new NewProvisioningToken(token, (await reading.Views(command.Organization, id)).Single());
    }

    public async Task<Outcome<NewProvisioningToken>> Handle(RenewProvisioningToken command, CancellationToken ct)
    {
        var token = TokenText.New(TokenText.Provisioning);
        var done = await Change(command.Organization, command.Directory, "token_hash = @hash, token_made_at = @now",
            TokenText.HashOf(token), "ProvisioningTokenRenewed", command.Origin, null, ct);
        return done.Granted
            ? new NewProvisioningToken(token, (await reading.Views(command.Organization, command.Directory.Value)).Single())
            : done.Refusal;
    }

    public Task<Outcome<Done>> Handle(RemoveIdentityDirectory command, CancellationToken ct) =>
        Change(command.Organization, command.Directory, "token_hash = null, removed_at = @now", null, "IdentityDirectoryRemoved",
            command.Origin, PlainText.Normalise(command.TypedName), ct);

    /// <param name="typed">What must be the directory's name; null where nothing had to be typed.</param>
    async Task<Outcome<Done>> Change(OrganizationId organization, IdentityDirectoryId id, string set, byte[]? hash, string action,
        Origin origin, string? typed, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var values = new { id = id.Value, organization = organization.Value, hash, now = clock.GetUtcNow().UtcDateTime };
        if (await connection.ExecuteScalarAsync<string?>(
            "select name from directory.identity_directory where id = @id and organization_id = @organization "
            + "and removed_at is null for update", values) is not { } name) return Unknown;
        if (typed is not null && typed != PlainText.Normalise(name)) return new DirectoryNameWrong();
        await connection.ExecuteAsync($"update directory.identity_directory set {set} where id = @id", values);
        await Tell(transaction, organization, id.Value, name, action, origin, ct);
        recent.Forget();
        return Done.It;
    }

    /// <summary>The audit entry stands beside the change, in its transaction; this ends it.</summary>
    async Task Tell(NpgsqlTransaction transaction, OrganizationId organization, Guid id, string name, string action, Origin origin,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
                { AuditLog.Insert(
                    [new(Guid.CreateVersion7(now), now, organization.Value, origin, id, action, null, null, null,
                        KernelJson.Write(new { name }), null)]) },
        };
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
