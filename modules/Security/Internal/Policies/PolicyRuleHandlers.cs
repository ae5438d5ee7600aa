namespace DirectoryPlatform.Security.Internal.Policies;

sealed class PolicyRuleHandlers(PolicyStore policies, IMediator mediator, TimeProvider clock)
    : IRequestHandler<AddPolicyRule, Outcome<PolicyRuleId>>, IRequestHandler<RemovePolicyRule, Outcome<Done>>
{
    const int MaxValue = 100;

    /// <summary>Each is looked at for each account of a list.</summary>
    const int MaxRules = 100;

    public async Task<Outcome<PolicyRuleId>> Handle(AddPolicyRule command, CancellationToken ct)
    {
        var value = PlainText.Normalise(command.Value);
        if (!Enum.IsDefined(command.Attribute)) return new InvalidValue("attribute", "Choose an attribute.");
        if (value.Length == 0 || PlainText.Length(value) > MaxValue || !PlainText.IsReadable(value))
            return new InvalidValue("value", $"Enter a value of 1 to {MaxValue} characters.");
        if (command.Attribute is RuleAttribute.Domain)
        {
            var name = DomainName.Parse(value);
            if (!name.Granted) return new InvalidValue("value", name.Refusal.Sentence);
            value = name.Value.Value;
        }
        GroupId? named = null;
        if (command.Attribute is RuleAttribute.Group)
        {
            if (await mediator.Send(new FindGroup(command.Organization, value), ct) is not { } group) return NoSuchGroup();
            (named, value) = (group, group.ToString());
        }
        var assignment = await mediator.Send(new ReadPolicyAssignment(command.Organization), ct);
        if (assignment.Policies.FirstOrDefault(p => p.Id == command.Policy) is not { } policy) return new NotFound("policy");
        if (policy.IsDefault) return new DefaultPolicyNeedsNoRule();
        if (assignment.Rules.Count >= MaxRules)
            return new InvalidValue("value", $"An organization has at most {MaxRules} rules. Remove one first.");
        var rule = new PolicyRule(new(Guid.CreateVersion7(clock.GetUtcNow())), command.Policy, command.Attribute, value);
        return await policies.Write<PolicyRuleId>(command.Origin, async change =>
        {
            // A site's own admins may have somebody half in it.
            if (named is { } group && !await change.HoldGroup(command.Organization, group)) return NoSuchGroup();
            var added = await change.Write("""
                insert into security.policy_rule (id, policy_id, organization_id, attribute, value, value_key, created_at)
                select @id, id, organization_id, @attribute, @value, @key, @now from security.policy where id = @policy
                  and organization_id = @organization on conflict do nothing
                """, new
            {
                id = rule.Id.Value,
                policy = command.Policy.Value,
                organization = command.Organization.Value,
                attribute = rule.Attribute.ToString(),
                value,
                key = SearchKey.Exact(value),
                now = change.Now.UtcDateTime,
            });
            if (added == 0)
                return assignment.Rules.FirstOrDefault(r => r.Attribute == rule.Attribute
                    && SearchKey.Exact(r.Value) == SearchKey.Exact(value)) is { } there
                    ? new PolicyRuleTaken(assignment[there.Policy].Settings.Name!) : new PolicyRuleTaken("another policy");
            change.WriteAudit(command.Organization, rule.Policy.Value, SecurityActions.PolicyRuleAdded,
                after: Shown(rule.Attribute, value));
            return rule.Id;
        }, ct);
    }

    public async Task<Outcome<Done>> Handle(RemovePolicyRule command, CancellationToken ct) =>
        await policies.Write<Done>(command.Origin, async change =>
    {
        if (await change.Rows<(string Attribute, string Value)>("""
            delete from security.policy_rule where id = @rule and policy_id = @policy and organization_id = @organization
              returning attribute, value
            """, new { rule = command.Rule.Value, policy = command.Policy.Value, organization = command.Organization.Value })
            is not [var (attribute, value)]) return new NotFound("rule");
        change.WriteAudit(command.Organization, command.Policy.Value, SecurityActions.PolicyRuleRemoved,
            Shown(Enum.Parse<RuleAttribute>(attribute), value));
        return Done.It;
    }, ct);

    static InvalidValue NoSuchGroup() => new("value", "There is no group with this name.");

    static object Shown(RuleAttribute attribute, string value) => new { attribute = $"{attribute}", value };
}
