namespace DirectoryPlatform.Security.Internal.Policies;

/// <summary>Who is in a group that a rule names signs in as that rule's policy says (SPEC S5).</summary>
sealed class GroupsInRules(IMediator mediator) : IUseGroups
{
    public async Task<IReadOnlySet<GroupId>> Used(OrganizationId organization, CancellationToken ct) =>
        (await mediator.Send(new ReadPolicyAssignment(organization), ct)).Rules.Select(r => r.Group).OfType<GroupId>().ToHashSet();

    public Task<bool> Uses(Change change, OrganizationId organization, GroupId group) => change.Value<bool>("""
        select exists (select from security.policy_rule where organization_id = @organization and attribute = @attribute and value = @value)
        """, new { organization = organization.Value, attribute = $"{RuleAttribute.Group}", value = group.ToString() });
}
