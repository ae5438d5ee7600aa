using System.Text.Json.Nodes;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Directory.Provisioning.Protocol;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Directory.Provisioning;

/// <summary>People of a directory as its provider makes and changes them. The row is written last: until then the provider, which got no answer, says the same again.</summary>
sealed class ScimUserWriting(ProvisioningTurns turns, UserDeeds deeds, Releasing releasing, IdentityDirectoryReading directories, TimeProvider clock) :
    IRequestHandler<CreateScimUser, Outcome<ScimReply>>, IRequestHandler<ReplaceScimUser, Outcome<ScimReply>>, IRequestHandler<PatchScimUser, Outcome<ScimReply>>, IRequestHandler<DeleteScimUser, Outcome<ScimReply>>
{
    public async Task<Outcome<ScimReply>> Handle(CreateScimUser command, CancellationToken ct)
    {
        var (directory, odd) = (command.By.Directory.Value, new List<string>());
        var wanted = ScimProjection.Read(command.Wanted.Attributes, command.Wanted.ExcludedAttributes, ScimResource.User);
        if (!wanted.Granted) return wanted.Refusal;
        var resource = ScimResource.User.Read(command.Body, odd);
        if (!resource.Granted) return resource.Refusal;
        var read = ProvidedUser.Read(resource.Value);
        if (!read.Granted) return read.Refusal;
        var user = read.Value;
        // Two who make the same person at once: the second finds the first one's.
        return await turns.Alone<Outcome<ScimReply>>([$"user name {directory} {user.UserName}", $"provisioned address {user.Email}"], async (connection, transaction) =>
        {
            if (await UserRows.Taken(connection, directory, user, null) is { } taken) return taken;
            if (await IsLinked(connection, command.By.Organization, user.Email)) return ScimFault.Uniqueness("Another user has this email address.");
            var account = await deeds.Settle(command.By, user, command.Origin);
            if (!account.Granted) return account.Refusal;
            await ProvisioningTurns.Also(connection, ProvisioningTurns.Of(account.Value.Value), ct);
            if (await deeds.Apply(command.By, account.Value, null, user, command.Origin) is { } refusal) return refusal;
            var now = Now;
            var row = new UserRow(account.Value.Value, With(resource.Value, user), user.Active, 1, now, now);
            if (await UserRows.Insert(connection, directory, row, user, ct))
            {
                await transaction.CommitAsync(ct);
                return Reply(row, command.By, wanted.Value, UserGroups.None, odd);
            }
            // Overtaken by a change that took the name, or the directory was removed meanwhile: what was given to the provider a moment ago is taken back.
            await releasing.Release([account.Value], command.Origin);
            return ScimFault.Uniqueness("Another user has this userName, externalId or email address.");
        }, ct);
    }

    public Task<Outcome<ScimReply>> Handle(ReplaceScimUser command, CancellationToken ct) =>
        Change(command.By, command.User, command.IfMatch, command.Wanted, command.Origin, (_, odd) => ScimResource.User.Read(command.Body, odd), ct);

    public Task<Outcome<ScimReply>> Handle(PatchScimUser command, CancellationToken ct) =>
        Change(command.By, command.User, command.IfMatch, command.Wanted, command.Origin, (row, odd) => ScimPatch.Apply(row.Resource, command.Body, ScimResource.User, odd), ct);

    public Task<Outcome<ScimReply>> Handle(DeleteScimUser command, CancellationToken ct) => turns.Alone<Outcome<ScimReply>>([ProvisioningTurns.Of(command.User)], async (connection, transaction) =>
    {
        if (await UserRows.Of(connection, command.By.Directory.Value, command.User, ct) is not { } row) return ScimFault.NotFound("user");
        if (!EntityTag.Matches(command.IfMatch, row.Version)) return ScimFault.Version();
        if (await deeds.PutOut(command.By, new(row.Account), command.Origin) is { } refusal) return refusal;
        await connection.ExecuteAsync("delete from directory.provisioned_user where directory_id = @directory and account_id = @Account", new { directory = command.By.Directory.Value, row.Account });
        await releasing.Leave([new(row.Account)], command.By.Organization, command.Origin);
        await transaction.CommitAsync(ct);
        return new ScimReply(null);
    }, ct);

    Task<Outcome<ScimReply>> Change(ProvisioningGrant by, Guid id, string? ifMatch, ScimWanted asked, Origin origin, Func<UserRow, ICollection<string>, Outcome<JsonObject>> next, CancellationToken ct) =>
        turns.Alone<Outcome<ScimReply>>([ProvisioningTurns.Of(id)], async (connection, transaction) =>
        {
            var odd = new List<string>();
            var wanted = ScimProjection.Read(asked.Attributes, asked.ExcludedAttributes, ScimResource.User);
            if (!wanted.Granted) return wanted.Refusal;
            if (await UserRows.Of(connection, by.Directory.Value, id, ct) is not { } row) return ScimFault.NotFound("user");
            if (!EntityTag.Matches(ifMatch, row.Version)) return ScimFault.Version();
            var resource = next(row, odd);
            if (!resource.Granted) return resource.Refusal;
            var (was, read) = (ProvidedUser.Read(row.Resource), ProvidedUser.Read(resource.Value));
            if (!read.Granted) return read.Refusal;
            var user = read.Value;
            if (await UserRows.Taken(connection, by.Directory.Value, user, id) is { } taken) return taken;
            if (await deeds.Apply(by, new(id), was.Granted ? was.Value : null, user, origin) is { } refusal) return refusal;
            var groups = await UserGroups.Of(connection, by.Directory.Value, [id], directories.BaseUrl(by.Directory.Value), wanted.Value, ct);
            var after = With(resource.Value, user);
            // Nothing new moves no version: providers repeat themselves, and others hold tags.
            if (JsonNode.DeepEquals(after, row.Resource)) return Reply(row, by, wanted.Value, groups, odd);
            var changed = row with { Resource = after, Active = user.Active, Version = row.Version + 1, ChangedAt = Now };
            try
            {
                if (await UserRows.Update(connection, by.Directory.Value, changed, user, ct))
                {
                    await Tell(transaction, by, changed, ProvidedUser.OwnChanges(row.Resource, was.Granted ? was.Value : null, after, user), origin, ct);
                    await transaction.CommitAsync(ct);
                    return Reply(changed, by, wanted.Value, groups, odd);
                }
            }
            catch (PostgresException taken2) when (taken2.SqlState == PostgresErrorCodes.UniqueViolation) { return ScimFault.Uniqueness("Another user of this directory has this userName or externalId."); }
            // Unlinked while this was under way: what was given to the provider a moment ago is taken back.
            await releasing.Release([new(id)], origin);
            return ScimFault.NotFound("user");
        }, ct);

    /// <summary>What the provider keeps of its own changed: names of attributes alone, because their values may be personal.</summary>
    static async Task Tell(NpgsqlTransaction transaction, ProvisioningGrant by, UserRow row, IReadOnlyList<string> attributes, Origin origin, CancellationToken ct)
    {
        if (attributes.Count == 0) return;
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands = { AuditLog.Insert([new(Guid.CreateVersion7(row.ChangedAt), row.ChangedAt, by.Organization.Value, origin, row.Account, "ProviderRecordChanged", null, null, null, KernelJson.Write(new { attributes = string.Join(", ", attributes) }), null)]) },
        };
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>By address, in whichever directory of the organization; other organizations' are not told of.</summary>
    static Task<bool> IsLinked(NpgsqlConnection connection, OrganizationId organization, EmailAddress email) => connection.ExecuteScalarAsync<bool>("""
        select exists (select from accounts.v_account a join directory.provisioned_user u on u.account_id = a.id join directory.identity_directory d on d.id = u.directory_id
                       where a.email = @email and d.organization_id = @organization)
        """, new { email = email.Value, organization = organization.Value });

    /// <summary>Every user says whether it is active (RFC 7643, 4.1.1 leaves it out when unknown; providers expect it).</summary>
    static JsonObject With(JsonObject resource, ProvidedUser user)
    {
        var whole = resource.DeepClone().AsObject();
        whole["active"] = user.Active;
        return whole;
    }

    ScimReply Reply(UserRow row, ProvisioningGrant by, ScimProjection wanted, UserGroups groups, List<string> odd) =>
        ScimUserReading.Shape(row, directories.BaseUrl(by.Directory.Value), wanted, groups) with { Odd = odd.Count == 0 ? null : $"Passed over, because no schema here knows it: {string.Join(", ", odd.Distinct())}." };

    /// <summary>As the database keeps it, so that the first answer says what later ones say.</summary>
    DateTimeOffset Now => clock.GetUtcNow() is var now ? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)) : default;
}
