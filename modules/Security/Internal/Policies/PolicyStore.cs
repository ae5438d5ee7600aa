using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.SingleSignOn;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.Policies;

/// <summary>The rows of policies and of their members.</summary>
sealed class PolicyStore(NpgsqlDataSource database, UnitOfWork work, TimeProvider clock)
{
    const string Columns = """
        p.id, p.version, p.is_default as isDefault, p.name, p.billable, p.two_step_mandatory as twoStepMandatory,
        p.password_strength as passwordStrength, p.password_expiry_days as passwordExpiryDays, p.password_reuse as passwordReuse,
        p.idle_minutes as idleMinutes, p.life_days as lifeDays, p.api_tokens as apiTokens, p.single_sign_on as singleSignOn
        """;

    /// <summary>All of an organization's, the default one first.</summary>
    public async Task<IReadOnlyList<PolicyView>> All(OrganizationId organization, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var written = (await connection.QueryAsync<Row>($"""
            select {Columns}, (select count(*) from security.policy_member m where m.policy_id = p.id) as members from security.policy p
            where p.organization_id = @id order by p.is_default desc, p.name_key, p.id
            """, new { id = organization.Value })).Select(r => r.View).ToArray();
        return WithDefault(organization, written);
    }

    static IReadOnlyList<PolicyView> WithDefault(OrganizationId organization, PolicyView[] written) => written is [{ IsDefault: true }, ..]
        ? written
        : [Unwritten(organization), .. written];

    /// <summary>Without counting members: for menus.</summary>
    public async Task<IReadOnlyList<PolicyName>> Names(OrganizationId organization, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var written = (await connection.QueryAsync<(Guid Id, string Name, bool IsDefault)>(
            "select id, name, is_default from security.policy where organization_id = @id order by is_default desc, name_key, id",
            new { id = organization.Value })).AsList();
        var names = written.Select(p => new PolicyName(new(p.Id), p.Name));
        return written is [{ IsDefault: true }, ..] ? [.. names] : [new(Unwritten(organization).Id, PolicyDraft.Initial.Name!), .. names];
    }

    /// <summary>Policies and rules in one round trip: every list asks.</summary>
    public async Task<PolicyAssignment> Assignment(OrganizationId organization, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var both = await connection.QueryMultipleAsync(AssignmentSql, new { organization = organization.Value });
        return await ReadAssignment(both, organization);
    }

    /// <summary>Two answers, for <see cref="ReadAssignment"/>.</summary>
    public const string AssignmentSql = $"""
        select {Columns} from security.policy p where p.organization_id = @organization order by p.is_default desc, p.name_key, p.id;
        select id, policy_id, attribute, value from security.policy_rule where organization_id = @organization order by id
        """;

    /// <summary>Where somebody was put, and all policies and rules: three answers, for <see cref="ReadOfPerson"/>.</summary>
    public const string OfPersonSql = $"""
        select policy_id from security.policy_member
          where account_id = @id and organization_id = @organization and (@notBefore::timestamptz is null or since >= @notBefore);
        {AssignmentSql}
        """;

    /// <summary>Values of <c>@notBefore</c>: what somebody was put into before the present claiming counts for nothing.</summary>
    public static DateTime? NotBefore(AccountView? account) => (account?.ClaimedAt - PolicyAssignment.ClocksDiffer)?.UtcDateTime;

    public static async Task<(PolicyId? PutInto, PolicyAssignment Assignment)> ReadOfPerson(SqlMapper.GridReader all,
        OrganizationId organization)
    {
        var putInto = (await all.ReadAsync<Guid>()).Select(id => (PolicyId?)new PolicyId(id)).SingleOrDefault();
        return (putInto, await ReadAssignment(all, organization));
    }

    public static async Task<PolicyAssignment> ReadAssignment(SqlMapper.GridReader both, OrganizationId organization)
    {
        var policies = WithDefault(organization, [.. (await both.ReadAsync<Row>()).Select(r => r.View)]);
        return new(organization, policies, [.. (await both.ReadAsync<(Guid Id, Guid Policy, string Attribute, string Value)>())
            .Select(r => new PolicyRule(new(r.Id), new(r.Policy), Enum.Parse<RuleAttribute>(r.Attribute), r.Value))]);
    }

    /// <summary>The policy into which an account of this organization was put; the default one for others.</summary>
    /// <param name="notBefore">Memberships from before count for nothing; null for none such.</param>
    /// <returns>Also whether the organization has rules, which then decide for those who were put into none.</returns>
    public async Task<(PolicyView Policy, bool AskRules)> Of(OrganizationId organization, AccountId account, DateTimeOffset? notBefore,
        CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var row = (await connection.QueryAsync<Row>($"""
            select {Columns}, exists (select from security.policy_rule where organization_id = @organization) as rules
              from security.policy p where p.organization_id = @organization
              and (p.is_default or p.id = (select policy_id from security.policy_member where account_id = @account
                and organization_id = @organization and (@notBefore::timestamptz is null or since >= @notBefore)))
            order by p.is_default limit 1
            """, new { organization = organization.Value, account = account.Value, notBefore = notBefore?.UtcDateTime })).SingleOrDefault();
        return row is null ? (Unwritten(organization), false) : (row.View, row is { IsDefault: true, Rules: true });
    }

    /// <summary>
    /// Every organization has a default policy from its beginning, without anybody having to write it: until it is changed, or stands
    /// beside another one, it is computed. So no look at it writes a row.
    /// </summary>
    static PolicyView Unwritten(OrganizationId organization) =>
        new(new(DeterministicGuid.Of("default policy", organization)), 1, true, PolicyDraft.Initial, null);

    /// <summary>Before anything else of the organization is written: its name is taken,
    /// and it can be locked and changed like any other.</summary>
    async Task WriteDefault(NpgsqlConnection connection, OrganizationId organization) =>
        await connection.ExecuteAsync(Insert + " on conflict do nothing",
            Values(Unwritten(organization).Id.Value, organization, true, PolicyDraft.Initial));

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

    public async Task<Outcome<PolicyId>> Create(OrganizationId organization, PolicyDraft settings, Origin origin, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        return await Write<PolicyId>(origin, async change =>
        {
            if (settings.SingleSignOn && !await IdentityProviderStore.IsReady(change.Connection, organization))
                return new ProviderMissing();
            await WriteDefault(change.Connection, organization);
            await change.Write(Insert, Values(id, organization, false, settings));
            change.WriteAudit(organization, id, SecurityActions.PolicyCreated, after: settings);
            return new PolicyId(id);
        }, ct);
    }

    public Task<Outcome<Done>> Change(OrganizationId organization, PolicyId policy, long seen, PolicyDraft settings, Origin origin,
        CancellationToken ct) => Write<Done>(origin, async change =>
    {
        if (await Locked(change.Connection, organization, policy) is not { } before) return new NotFound("policy");
        if (before.Version != seen) return new PolicyStale();
        if (settings.SingleSignOn && !await IdentityProviderStore.IsReady(change.Connection, organization)) return new ProviderMissing();
        if (before.Settings.Billable && !settings.Billable && await HasProvisioned(change, organization, before))
            return new NonBillableProvisioned();
        await change.Write("""
            update security.policy set version = version + 1, name = @name, name_key = @key, billable = @Billable,
              two_step_mandatory = @TwoStepMandatory,
              password_strength = @strength,
              password_expiry_days = @PasswordExpiryDays, password_reuse = @PasswordReuse, idle_minutes = @IdleMinutes, life_days =
                @LifeDays, api_tokens = @ApiTokens, single_sign_on = @SingleSignOn
            where id = @id
            """, Values(policy.Value, organization, before.IsDefault, settings));
        change.WriteAudit(organization, policy.Value, SecurityActions.PolicyChanged, before.Settings, settings);
        return Done.It;
    }, ct);

    public Task<Outcome<Done>> Delete(OrganizationId organization, PolicyId policy, Origin origin, CancellationToken ct) =>
        Write<Done>(origin, async change =>
    {
        if (await Locked(change.Connection, organization, policy) is not { } before) return new NotFound("policy");
        if (before.IsDefault) return new DefaultPolicyStays();
        await change.Write("delete from security.policy where id = @id", new { id = policy.Value });
        change.WriteAudit(organization, policy.Value, SecurityActions.PolicyDeleted, before.Settings);
        return Done.It;
    }, ct);

    /// <summary>Somebody whom an identity provider provisions was put into the policy;
    /// with the default one, is anywhere in the organization.</summary>
    static Task<bool> HasProvisioned(Change change, OrganizationId organization, PolicyView policy) =>
        change.Value<bool>(policy.IsDefault
        ? $"select {AccountSql.AnyProvisioned("@organization")}"
        : $"select exists (select from (select account_id as id from security.policy_member where policy_id = @policy) a "
        + $"where {AccountSql.Provisioned})", new { organization = organization.Value, policy = policy.Id.Value });

    /// <param name="accounts">Managed by the organization.</param>
    /// <param name="allOrNone">Whether one that may not come under the policy keeps the others from it.</param>
    public Task<Outcome<(int Accounts, int Provisioned)>> Move(
        OrganizationId organization, PolicyId policy, IReadOnlyCollection<AccountId> accounts, bool allOrNone, Origin origin,
        CancellationToken ct) => Write<(int, int)>(origin, async change =>
    {
        if (await Locked(change.Connection, organization, policy) is not { } to) return new NotFound("policy");
        Guid[] ids = [.. accounts.Select(a => a.Value).Distinct()];
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
    public async Task Leave(OrganizationId organization, IReadOnlyList<AccountId> accounts, DateTimeOffset? before, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection
            .ExecuteAsync(
                "delete from security.policy_member where account_id = any(@ids) and organization_id = @organization "
                + "and (@before::timestamptz is null or since < @before)",
            new { ids = accounts.Select(a => a.Value).ToArray(), organization = organization.Value, before = before?.UtcDateTime });
    }

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
        if (policy == Unwritten(organization).Id) await WriteDefault(connection, organization);
        return (await connection.QueryAsync<Row>(
            $"select {Columns} from security.policy p where id = @id and organization_id = @organization for {strength}",
            new { id = policy.Value, organization = organization.Value })).SingleOrDefault()?.View;
    }

    sealed record Row
    {
        public Guid Id { get; init; }
        public long Version { get; init; }
        public bool IsDefault { get; init; }
        public string Name { get; init; } = "";
        public bool Billable { get; init; }
        public bool TwoStepMandatory { get; init; }
        public short PasswordStrength { get; init; }
        public int? PasswordExpiryDays { get; init; }
        public int PasswordReuse { get; init; }
        public int IdleMinutes { get; init; }
        public int LifeDays { get; init; }
        public bool ApiTokens { get; init; }
        public bool SingleSignOn { get; init; }
        public long Members { get; init; }
        public bool Rules { get; init; }

        public PolicyView View => new(new(Id), Version, IsDefault,
            new(Name, Billable, TwoStepMandatory, (PasswordStrength)PasswordStrength, PasswordExpiryDays, PasswordReuse, IdleMinutes,
                LifeDays, ApiTokens)
            { SingleSignOn = SingleSignOn },
            IsDefault ? null : Members);
    }
}
