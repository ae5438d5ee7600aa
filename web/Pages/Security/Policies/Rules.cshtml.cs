using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Pages.Security.Policies;

/// <summary>Who is in a policy by what is known of the account (SPEC S5).</summary>
[Requires(Permission.ManagePolicies, FreshToSend = true)]
public sealed class RulesModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid PolicyId { get; set; }

    public PolicyId Policy => new(PolicyId);
    public string Path => $"{Home}/policies/{PolicyId}";
    public PolicyView View { get; private set; } = null!;

    Task<IActionResult?> Load() => Find(new ReadPolicy(Organization, Policy), found => View = found);

    /// <summary>A count above is not worth its time here.</summary>
    const int MostCounted = 100_000;

    [BindProperty] public Form Input { get; set; } = new(null, null);

    public PolicyAssignment Assignment { get; private set; } = null!;
    public IEnumerable<PolicyRule> Rules => Assignment.Rules.Where(r => r.Policy == Policy);

    IReadOnlyDictionary<GroupId, string> Groups { get; set; } = new Dictionary<GroupId, string>();

    public string Words(PolicyRule rule) => rule.Group is { } group
        ? Groups.GetValueOrDefault(group) ?? "a group that no longer exists"
        : rule.Value;

    /// <summary>Accounts under the policy, however they came to it.</summary>
    public string Members { get; private set; } = "";

    public async Task<IActionResult> OnGet() => await Look() ?? await Shown(Page());

    public async Task<IActionResult> OnPost()
    {
        if (await Look() is { } elsewhere) return elsewhere;
        var attribute = EnumNames.Read<RuleAttribute>(Input.Attribute) ?? (RuleAttribute)(-1);
        var added = await Execute(new AddPolicyRule(Organization, Policy, attribute, Input.Value, Origin));
        if (!added.Granted)
            return await Shown(ShowError(added.Refusal, added.Refusal is PolicyRuleTaken or DefaultPolicyNeedsNoRule ? "Value" : null));
        return RedirectWithNotice($"Rule added: {PolicyWords.Of(attribute).ToLowerInvariant()} is {Input.Value!.Trim()}. "
            + "It applies from each person’s next sign-in.", $"{Path}/rules");
    }

    public async Task<IActionResult> OnPostRemove([FromForm] Guid rule) =>
        RedirectWithAnswer(await Execute(new RemovePolicyRule(Organization, Policy, new(rule), Origin)),
            "Rule removed. People who matched it are in another policy from their next sign-in.", $"{Path}/rules");

    async Task<IActionResult?> Look()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (View.IsDefault) return LocalRedirect(Path);
        Assignment = await Send(new ReadPolicyAssignment(Organization));
        Groups = await Send(new NameGroups(Organization, [.. Rules.Select(r => r.Group).OfType<GroupId>()]));
        return null;
    }

    /// <summary>Counted for a page that is shown alone: nothing that is saved waits for it.</summary>
    async Task<IActionResult> Shown(IActionResult answer)
    {
        if (answer is not PageResult) return answer;
        var under = ManagedAccountFilter.Everybody with { Policy = PolicyId };
        var members = await Send(new CountMatchingAccounts(Organization, under, MostCounted + 1));
        Members = members > MostCounted ? $"more than {((long)MostCounted).Accounts()}" : members.Accounts();
        return answer;
    }

    public sealed record Form(string? Attribute, string? Value);
}
