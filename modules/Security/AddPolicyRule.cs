using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>From now on whoever fits and was put into no policy is in this one: at each sign-in, and wherever policies are shown. Refused
/// with <see cref="DefaultPolicyNeedsNoRule"/> for the default one.</summary>
/// <param name="Value">What the attribute must be; 1 to 100 characters. A group by its name, which may change afterwards.</param>
public sealed record AddPolicyRule(OrganizationId Organization, PolicyId Policy, RuleAttribute Attribute, string? Value, Origin Origin)
    : IRequest<Outcome<PolicyRuleId>>;

public sealed record RemovePolicyRule(OrganizationId Organization, PolicyId Policy, PolicyRuleId Rule, Origin Origin)
    : IRequest<Outcome<Done>>;

public sealed record DefaultPolicyNeedsNoRule()
    : Refusal("defaultPolicyNeedsNoRule", "The default policy has everybody whom no other policy has; a rule would say nothing.");

public sealed record PolicyRuleTaken(string Policy) : Refusal("policyRuleTaken", $"This rule leads to the policy “{Policy}” already.");
