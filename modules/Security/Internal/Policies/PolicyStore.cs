using DirectoryPlatform.Security.Internal.SingleSignOn;

namespace DirectoryPlatform.Security.Internal.Policies;

/// <summary>Writes the rows of policies and of their members.</summary>
sealed class PolicyStore(NpgsqlDataSource database, UnitOfWork work, IMediator mediator, TimeProvider clock)
    : IRequestHandler<CreatePolicy, Outcome<PolicyId>>, IRequestHandler<ChangePolicy, Outcome<Done>>,
    IRequestHandler<DeletePolicy, Outcome<Done>>, IRequestHandler<MoveToPolicy, Outcome<int>>,
    IRequestHandler<MoveToPolicyByEmail, Outcome<MovedToPolicy>>
{
    /// <summary>Before anything else of the organization is written: its name is taken,
    /// and it can be locked and changed like any other.</summary>
    async Task WriteDefault(NpgsqlConnection connection, OrganizationId organization) =>
        await connection.ExecuteAsync(Insert + " on conflict do nothing",
            Values(PolicyReading.Unwritten(organization).Id.Value, organization, true, PolicyDraft.Initial));

    const string Insert = """
        insert into security.policy (id, organization_id, is_default, name, name_key, billable, two_step_mandatory, password_strength,
          password_expiry_days, password_reuse, idle_minutes, life_days, api_tokens, single_sign_on, created_at)
        values (@id, @organization, @isDefault, @name, @key, @Billable, @TwoStepMandatory, @strength, @PasswordExpiryDays, @PasswordReuse,
          @IdleMinutes, @LifeDays, @ApiTokens, @SingleSignOn, @now)
        """;

    object Values(Guid id, OrganizationId organization, bool isDefault, PolicyDraft settings) => new
    {
        id,
        organization = organization.Value,
        isDefault,
        name = PlainText.Normalise(settings.Name),
        key = SearchKey.Unique(settings.Name),
        settings.Billable,
        settings.TwoStepMandatory,
        strength = (short)settings.Password,
        settings.PasswordExpiryDays,
        settings.PasswordReuse,
        settings.IdleMinutes,
        settings.LifeDays,
        settings.ApiTokens,
        settings.SingleSignOn,
        now = clock.GetUtcNow().UtcDateTime,
    };

    public async Task<Outcome<PolicyId>> Handle(CreatePolicy command, CancellationToken ct)
    {
        var (organization, settings, id) = (command.Organization, command.Settings, Guid.CreateVersion7());
        if (settings.Refusal is { } refusal) return refusal;
        return await Write<PolicyId>(command.Origin, async change =>
        {
            if (settings.SingleSignOn && !await IdentityProviderStore.IsReady(change.Connection, organization))
                return new ProviderMissing();
            await WriteDefault(change.Connection, organization);
            await change.Write(Insert, Values(id, organization, false, settings));
            change.WriteAudit(organization, id, SecurityActions.PolicyCreated, after: settings);
            return new PolicyId(id);
        }, ct);
    }

    public async Task<Outcome<Done>> Handle(ChangePolicy command, CancellationToken ct)
    {
        var (organization, policy, settings) = (command.Organization, command.Policy, command.Settings);
        if (settings.Refusal is { } refusal) return refusal;
        return await Write<Done>(command.Origin, async change =>
        {
            if (await Locked(change.Connection, organization, policy) is not { } before) return new NotFound("policy");
            if (before.Version != command.Seen) return new PolicyStale();
            if (settings with { Name = PlainText.Normalise(settings.Name) } == before.Settings) return change.Unchanged();
            if (settings.SingleSignOn && !await IdentityProviderStore.IsReady(change.Connection, organization))
                return new ProviderMissing();
            if (before.Settings.Billable && !settings.Billable && await HasProvisioned(change, organization, before))
                return new NonBillableProvisioned();
            await change.Write("""
                update security.policy set version = version + 1, name = @name, name_key = @key, billable = @Billable,
                  two_step_mandatory = @TwoStepMandatory, password_strength = @strength, password_expiry_days = @PasswordExpiryDays,
                  password_reuse = @PasswordReuse, idle_minutes = @IdleMinutes, life_days = @LifeDays, api_tokens = @ApiTokens,
                  single_sign_on = @SingleSignOn
                where id = @id
                """, Values(policy.Value, organization, before.IsDefault, settings));
            change.WriteAudit(organization, policy.Value, SecurityActions.PolicyChanged, before.Settings, settings);
            return Done.It;
        }, ct);
    }

    public Task<Outcome<Done>> Handle(DeletePolicy command, CancellationToken ct) => Write<Done>(command.Origin, async change =>
    {
        if (await Locked(change.Connection, command.Organization, command.Policy) is not { } before) return new NotFound("policy");
        if (before.IsDefault) return new DefaultPolicyStays();
        await change.Write("delete from security.policy where id = @id", new { id = command.Policy.Value });
        change.WriteAudit(command.Organization, command.Policy.Value, SecurityActions.PolicyDeleted, before.Settings);
        return Done.It;
    }, ct);

    public async Task<Outcome<int>> Handle(MoveToPolicy command, CancellationToken ct)
    {
        var managed = await mediator.Send(new WhichAreManaged(command.Organization, command.Accounts), ct);
        if (managed.Count < command.Accounts.Distinct().Count()) return new NotFound("account");
        var moved = await Move(command.Organization, command.Policy, managed, allOrNone: true, command.Origin, ct);
        return moved.Granted ? moved.Value.Accounts : moved.Refusal;
    }

    public async Task<Outcome<MovedToPolicy>> Handle(MoveToPolicyByEmail command, CancellationToken ct)
    {
        var list = command.File is { } file ? AddressInput.Of(file) : AddressInput.Of(command.Typed);
        var found = await mediator.Send(new FindManagedAccounts(command.Organization, list), ct);
        if (!found.Granted) return found.Refusal;
        var moved = await Move(command.Organization, command.Policy, found.Value.Accounts, allOrNone: false, command.Origin, ct);
        return moved.Granted
            ? new MovedToPolicy(moved.Value.Accounts, found.Value.Accounts.Count - moved.Value.Accounts - moved.Value.Provisioned,
                moved.Value.Provisioned, found.Value.Left)
            : moved.Refusal;
    }

    /// <summary>Somebody whom an identity provider provisions was put into the policy;
    /// with the default one, is anywhere in the organization.</summary>
    static Task<bool> HasProvisioned(Change change, OrganizationId organization, PolicyView policy) =>
        change.Value<bool>(policy.IsDefault
        ? $"select {AccountSql.AnyProvisioned("@organization")}"
        : $"select exists (select from (select account_id as id from security.policy_member where policy_id = @policy) a "
        + $"where {AccountSql.Provisioned})", new { organization = organization.Value, policy = policy.Id.Value });

    /// <param name="accounts">Managed by the organization.</param>
    /// <param name="allOrNone">Whether one that may not come under the policy keeps the others from it.</param>
    Task<Outcome<(int Accounts, int Provisioned)>> Move(
        OrganizationId organization, PolicyId policy, IReadOnlyCollection<AccountId> accounts, bool allOrNone, Origin origin,
        CancellationToken ct) => Write<(int, int)>(origin, async change =>
    {
        if (await Locked(change.Connection, organization, policy) is not { } to) return new NotFound("policy");
        Guid[] ids = [.. accounts.Select(a => a.Value).Distinct()];
        // Asked without a lock before: who was given up meanwhile may be under a policy of another organization by now.
        Guid[] managed = [.. await change.Rows<Guid>(AccountSql.StillManaged, new { ids, by = organization.Value })];
        if (allOrNone && managed.Length < ids.Length) return new NotFound("account");
        ids = managed;
        var provisioned = to.Settings.Billable
            ? 0
            : await change.Value<int>($"select count(*) from unnest(@ids) a(id) where {AccountSql.Provisioned}", new { ids });
        if (provisioned > 0 && allOrNone) return new NonBillableProvisioned();
        if (allOrNone
            && await change.Value<bool>($"select exists (select from unnest(@ids) a(id) where {AccountSql.Unverified})", new { ids }))
            return new EmailUnverified();
        var moved = await Move(change.Connection, organization, to, ids, change.Now);
        foreach (var id in moved)
            change.WriteAudit(organization, id, SecurityActions.PolicyAssigned, after: new { policy = to.Settings.Name });
        if (moved.Count == 0) change.Unchanged();
        return (moved.Count, provisioned);
    }, ct);

    /// <summary>For a job, in its open transaction; the audit entries are the caller's.</summary>
    /// <returns>The policy's name, null when it is gone; and who was moved.</returns>
    public async Task<(string? Name, HashSet<Guid> Moved)> MoveChunk(NpgsqlConnection connection, OrganizationId organization,
        PolicyId policy, Guid[] accounts, DateTimeOffset now) =>
        await Locked(connection, organization, policy, "share") is { } to
            ? (to.Settings.Name, await Move(connection, organization, to, accounts, now))
            : (null, []);

    static async Task<HashSet<Guid>> Move(NpgsqlConnection connection, OrganizationId organization, PolicyView to, Guid[] accounts,
        DateTimeOffset now) =>
        [.. await connection.QueryAsync<Guid>(to.IsDefault
            ? "delete from security.policy_member where account_id = any(@ids) and organization_id = @organization returning account_id"
            : $"""
              insert into security.policy_member as m (account_id, organization_id, policy_id, since)
              select id, @organization, @policy, @now from unnest(@ids) a(id)
                where not {AccountSql.Unverified} {(to.Settings.Billable ? "" : $"and not {AccountSql.Provisioned}")} order by id
              on conflict (account_id) do update set organization_id = excluded.organization_id, policy_id = excluded.policy_id, since =
                excluded.since
              where (m.organization_id, m.policy_id) <> (excluded.organization_id, excluded.policy_id) returning account_id
              """, new { ids = accounts, organization = organization.Value, policy = to.Id.Value, now = now.UtcDateTime })];

    /// <summary>Whoever is not managed any more leaves the policies (SPEC C7).</summary>
    /// <param name="before">Only memberships from before; null for all.</param>
    public Task Leave(OrganizationId organization, IReadOnlyList<AccountId> accounts, DateTimeOffset? before, CancellationToken ct) =>
        database.Write(
            "delete from security.policy_member where account_id = any(@ids) and organization_id = @organization "
            + "and (@before::timestamptz is null or since < @before)",
            new { ids = accounts.Select(a => a.Value).ToArray(), organization = organization.Value, before = before?.UtcDateTime }, ct);

    internal async Task<Outcome<T>> Write<T>(Origin origin, Func<Change, Task<Outcome<T>>> write, CancellationToken ct) where T : notnull
    {
        try { return await work.Run(origin, write, ct); }
        catch (PostgresException taken)
        when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "policy_name" })
        { return new PolicyNameTaken(); }
    }

    /// <param name="strength">Of the lock: "share" keeps the policy as it is for others who only move people to it.</param>
    async Task<PolicyView?> Locked(NpgsqlConnection connection, OrganizationId organization, PolicyId policy, string strength = "update")
    {
        if (policy == PolicyReading.Unwritten(organization).Id) await WriteDefault(connection, organization);
        return (await connection.QueryAsync<PolicyReading.Row>(
            $"select {PolicyReading.Columns} from security.policy p where id = @id and organization_id = @organization for {strength}",
            new { id = policy.Value, organization = organization.Value })).SingleOrDefault()?.View;
    }
}
