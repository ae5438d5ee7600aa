namespace DirectoryPlatform.Security.Internal.Policies;

/// <summary>Questions to the rows of policies and of their members.</summary>
sealed class PolicyReading(NpgsqlDataSource database)
    : IRequestHandler<ReadPolicies, IReadOnlyList<PolicyView>>, IRequestHandler<ReadPolicyNames, IReadOnlyList<PolicyName>>,
    IRequestHandler<ReadPolicy, Outcome<PolicyView>>, IRequestHandler<ReadPolicyAssignment, PolicyAssignment>
{
    public const string Columns = """
        p.id, p.version, p.is_default as isDefault, p.name, p.billable, p.two_step_mandatory as twoStepMandatory,
        p.password_strength as passwordStrength, p.password_expiry_days as passwordExpiryDays, p.password_reuse as passwordReuse,
        p.idle_minutes as idleMinutes, p.life_days as lifeDays, p.api_tokens as apiTokens, p.single_sign_on as singleSignOn
        """;

    public Task<IReadOnlyList<PolicyView>> Handle(ReadPolicies query, CancellationToken ct) => All(query.Organization, ct);

    public Task<IReadOnlyList<PolicyName>> Handle(ReadPolicyNames query, CancellationToken ct) => Names(query.Organization, ct);

    public async Task<Outcome<PolicyView>> Handle(ReadPolicy query, CancellationToken ct) =>
        (await All(query.Organization, ct)).FirstOrDefault(p => p.Id == query.Policy) is { } policy ? policy : new NotFound("policy");

    public Task<PolicyAssignment> Handle(ReadPolicyAssignment query, CancellationToken ct) => Assignment(query.Organization, ct);

    /// <summary>All of an organization's, the default one first.</summary>
    async Task<IReadOnlyList<PolicyView>> All(OrganizationId organization, CancellationToken ct)
    {
        var written = (await database.Rows<Row>($"""
            select {Columns}, (select count(*) from security.policy_member m where m.policy_id = p.id) as members from security.policy p
            where p.organization_id = @id order by p.is_default desc, p.name_key, p.id
            """, new { id = organization.Value }, ct)).Select(r => r.View).ToArray();
        return WithDefault(organization, written);
    }

    static IReadOnlyList<PolicyView> WithDefault(OrganizationId organization, PolicyView[] written) => written is [{ IsDefault: true }, ..]
        ? written
        : [Unwritten(organization), .. written];

    /// <summary>Without counting members: for menus.</summary>
    public async Task<IReadOnlyList<PolicyName>> Names(OrganizationId organization, CancellationToken ct)
    {
        var written = await database.Rows<(Guid Id, string Name, bool IsDefault)>(
            "select id, name, is_default from security.policy where organization_id = @id order by is_default desc, name_key, id",
            new { id = organization.Value }, ct);
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
        var row = (await database.Rows<Row>($"""
            select {Columns}, exists (select from security.policy_rule where organization_id = @organization) as rules
              from security.policy p where p.organization_id = @organization
              and (p.is_default or p.id = (select policy_id from security.policy_member where account_id = @account
                and organization_id = @organization and (@notBefore::timestamptz is null or since >= @notBefore)))
            order by p.is_default limit 1
            """, new { organization = organization.Value, account = account.Value, notBefore = notBefore?.UtcDateTime }, ct))
            .SingleOrDefault();
        return row is null ? (Unwritten(organization), false) : (row.View, row is { IsDefault: true, Rules: true });
    }

    /// <summary>
    /// Every organization has a default policy from its beginning, without anybody having to write it: until it is changed, or stands
    /// beside another one, it is computed. So no look at it writes a row.
    /// </summary>
    public static PolicyView Unwritten(OrganizationId organization) =>
        new(new(DeterministicGuid.Of("default policy", organization)), 1, true, PolicyDraft.Initial, null);

    public sealed record Row
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
