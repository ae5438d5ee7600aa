namespace DirectoryPlatform.Security;

/// <summary>What a rule looks at. Names and phone numbers are none: they say who somebody is.</summary>
public enum RuleAttribute { Domain, JobTitle, Department, Organization, Location, TimeZone, Language, Group }

/// <summary>Accounts of which an attribute has this value are in the policy (SPEC S5).</summary>
/// <param name="Value">Compared in any letter case; a domain in A-label form, of a group the id.</param>
public sealed record PolicyRule(PolicyRuleId Id, PolicyId Policy, RuleAttribute Attribute, string Value)
{
    /// <summary>Null for a rule about something else.</summary>
    public GroupId? Group => Attribute is RuleAttribute.Group ? new(new Guid(Value)) : null;
}

/// <summary>How an organization's managed accounts come to their policies.</summary>
public sealed record ReadPolicyAssignment(OrganizationId Organization) : IRequest<PolicyAssignment>;

/// <summary>
/// Under which policy an account is: the one it was put into, else that of the first rule that fits it, else the default one. Non-billable
/// ones but the default are passed over for whom an identity provider provisions (SPEC S5). Said twice, for one account and as SQL for
/// lists; a test holds the two against each other.
/// </summary>
/// <param name="Policies">The default one first; members are not counted.</param>
/// <param name="Rules">In the order in which they are asked.</param>
public sealed record PolicyAssignment(OrganizationId Organization, IReadOnlyList<PolicyView> Policies, IReadOnlyList<PolicyRule> Rules)
{
    /// <summary>How far the clocks of two nodes may be apart: whoever was moved so shortly before the claiming was moved after it, by
    /// another clock (own choice).</summary>
    internal static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(5);

    public PolicyView Default => Policies[0];

    public PolicyView this[PolicyId id] => Policies.First(p => p.Id == id);

    /// <param name="putInto">The policy that the account was put into since it was claimed; null for none.</param>
    /// <param name="groups">Of the organization, that the account is in.</param>
    internal PolicyView For(PolicyId? putInto, AccountTraits traits, IReadOnlySet<GroupId> groups)
    {
        return putInto is { } policy && Policies.Any(p => p.Id == policy) && May(policy)
            ? this[policy]
            : Rules.FirstOrDefault(r => May(r.Policy) && Fits(r, traits, groups)) is { } rule ? this[rule.Policy] : Default;

        bool May(PolicyId policy) => traits.Profile.ProvisionedBy is null || !NonBillable.Contains(policy.Value);
    }

    /// <summary>
    /// The id of the policy, null for whoever has not verified the address (C4), over an account of this organization from
    /// <c>accounts.v_listed</c> under the alias <c>a</c>.
    /// </summary>
    /// <param name="value">Takes a value and gives its place in the text, such as <c>$3</c>.</param>
    public string Sql(Func<object, string> value)
    {
        var rules = Rules.Count == 0 ? "" : $"case {string.Join(' ', Rules.Select(When))} end, ";
        return $"case when {Verified} then coalesce((select m.policy_id {Member(value)}), {rules}{value(Default.Id.Value)}) end";

        string When(PolicyRule rule)
        {
            var unlessProvisioned = NonBillable.Contains(rule.Policy.Value) ? $" and not {AccountSql.Provisioned}" : "";
            return $"when {Fits(rule, value)}{unlessProvisioned} then {value(rule.Policy.Value)}";
        }
    }

    /// <summary>Whether the policy is one of these. Without rules as a question for member rows alone, which an index answers.</summary>
    internal string Among(IReadOnlyCollection<PolicyId> policies, Func<object, string> value)
    {
        var ids = policies.Select(p => p.Value).ToArray();
        return Rules.Count > 0 ? $"{Sql(value)} = any({value(ids)})"
            : policies.Contains(Default.Id) ? $"{Verified} and not exists (select {Member(value)} and m.policy_id <> all({value(ids)}))"
            : $"{Verified} and exists (select {Member(value)} and m.policy_id = any({value(ids)}))";
    }

    /// <summary>Whether somebody signs in so, over the same rows; the list's filter and the counters ask alike.</summary>
    /// <param name="value">As above.</param>
    public string Has(SecureLogin login, Func<object, string> value)
    {
        const string twoStep = "exists (select from security.v_two_step t where t.account_id = a.id)";
        var leading = Policies.Where(p => p.Settings.SingleSignOn).Select(p => p.Id).ToArray();
        var atProvider = leading.Length == 0 ? "false" : $"({Among(leading, value)})";
        return login switch
        {
            SecureLogin.Any => $"{Verified} and ({atProvider} or {twoStep})",
            SecureLogin.SingleSignOn => atProvider,
            SecureLogin.TwoStep => $"{Verified} and not {atProvider} and {twoStep}",
            SecureLogin.None => $"{Verified} and not {atProvider} and not {twoStep}",
        };
    }

    static readonly string Verified = $"a.state <> {(short)AccountState.Unverified}";

    string Member(Func<object, string> value) =>
        $"from security.v_policy_member m where m.account_id = a.id and m.organization_id = {value(Organization.Value)} and m.since >= "
        + $"a.claimed_at - {value(ClocksDiffer)}::interval"
        + (NonBillable.Length == 0 ? "" : $" and (m.policy_id <> all({value(NonBillable)}) or not {AccountSql.Provisioned})");

    Guid[] NonBillable => [.. Policies.Where(p => !p.IsDefault && !p.Settings.Billable).Select(p => p.Id.Value)];

    static string Fits(PolicyRule rule, Func<object, string> value) => rule switch
    {
        { Group: { } group } => SitesSql.InGroup(value(group.Value)),
        _ when Detail(rule.Attribute) is { } detail => AccountSql.Has(value(DetailKeys.Of(detail, rule.Value))),
        _ => AccountSql.OnDomain(value(rule.Value)),
    };

    static bool Fits(PolicyRule rule, AccountTraits traits, IReadOnlySet<GroupId> groups) => rule switch
    {
        { Group: { } group } => groups.Contains(group),
        _ when Detail(rule.Attribute) is { } detail =>
            DetailKeys.Of(detail, traits.Profile[detail]) == DetailKeys.Of(detail, rule.Value),
        _ => traits.Domain == rule.Value,
    };

    static AccountDetail? Detail(RuleAttribute attribute) => attribute switch
    {
        RuleAttribute.Domain or RuleAttribute.Group => null,
        RuleAttribute.JobTitle => AccountDetail.JobTitle,
        RuleAttribute.Department => AccountDetail.Department,
        RuleAttribute.Organization => AccountDetail.Organization,
        RuleAttribute.Location => AccountDetail.Location,
        RuleAttribute.TimeZone => AccountDetail.TimeZone,
        RuleAttribute.Language => AccountDetail.Language,
    };
}

/// <summary>From now on whoever fits and was put into no policy is in this one: at each sign-in, and wherever policies are shown. Refused
/// with <see cref="DefaultPolicyNeedsNoRule"/> for the default one.</summary>
/// <param name="Value">What the attribute must be; 1 to 100 characters. A group by its name, which may change afterwards.</param>
public sealed record AddPolicyRule(OrganizationId Organization, PolicyId Policy, RuleAttribute Attribute, string? Value, Origin Origin)
    : IRequest<Outcome<PolicyRuleId>>;

public sealed record RemovePolicyRule(OrganizationId Organization, PolicyId Policy, PolicyRuleId Rule, Origin Origin)
    : IRequest<Outcome<Done>>;

public sealed record DefaultPolicyNeedsNoRule()
    : Refusal("defaultPolicyNeedsNoRule", "The default policy contains everyone who is in no other policy, so it does not need rules.");

public sealed record PolicyRuleTaken(string Policy) : Refusal("policyRuleTaken", $"This rule already exists in the policy “{Policy}”.");
