using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Pages.Security.Policies;

/// <summary>One policy: its rules, and the way to its people (SPEC S5).</summary>
[Requires(Permission.ManagePolicies, FreshToSend = true)]
public sealed class PolicyModel(IMediator mediator) : OrganizationPage(mediator), IPolicyFormPage
{
    [FromRoute] public Guid PolicyId { get; set; }

    public PolicyId Policy => new(PolicyId);
    public string Path => $"{Home}/policies/{PolicyId}";
    public PolicyView View { get; private set; } = null!;

    Task<IActionResult?> Load() => Find(new ReadPolicy(Organization, Policy), found => View = found);

    [BindProperty] public PolicyForm Input { get; set; } = new();

    /// <summary>Null when nobody has asked for it: where a script runs, the page asks once it is shown.</summary>
    public Outcome<PolicyPreview>? Preview { get; private set; }

    /// <summary>How many are in it, however they came to it; then how many rules lead there.</summary>
    public string People { get; private set; } = "All managed people who are not in another policy are in this one.";

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Input = PolicyForm.Of(View.Settings, View.Version);
        return await Shown(Page());
    }

    /// <summary>Counts what the typed settings would do, and saves nothing: those that stand while none are typed.</summary>
    public async Task<IActionResult> OnGetPreview([FromQuery(Name = nameof(Input))] PolicyForm? typed)
    {
        if (!WantsPart) return LocalRedirect(Path);
        return await Load() ?? Partial("_Preview", await Send(new PreviewPolicy(Organization, Policy, (typed ?? new()).Settings)));
    }

    /// <summary>The same where no script runs.</summary>
    public async Task<IActionResult> OnPostPreview()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var preview = await Send(new PreviewPolicy(Organization, Policy, Input.Settings));
        Preview = preview;
        return await Shown(preview.Granted ? Page() : ShowAll(preview.Refusal, Input.Settings.Faults, PolicyForm.FieldOf));
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var changed = await Execute(new ChangePolicy(Organization, Policy, Input.Seen, Input.Settings, Origin));
        if (changed.Granted)
            return RedirectWithNotice($"“{Input.Name?.Trim()}” saved. Sign-in rules apply from each person’s next sign-in.",
                $"{Home}/policies");
        if (changed.Refusal is PolicyStale)
        {
            // The next save is one that has seen what stands there; what was typed stays.
            Input.Seen = View.Version;
            ModelState.Remove("Input.Seen");
        }
        return await Shown(ShowAll(changed.Refusal, Input.Settings.Faults, PolicyForm.FieldOf));
    }

    /// <summary>Counted for a page that is shown alone: nothing that is saved waits for it.</summary>
    async Task<IActionResult> Shown(IActionResult answer)
    {
        if (answer is not PageResult || View.IsDefault) return answer;
        var rules = (await Send(new ReadPolicyAssignment(Organization))).Rules.Count(r => r.Policy == Policy);
        var all = (await Send(new CountPolicies(Organization)))?.GetValueOrDefault(Policy);
        People = (all is { } many
                ? $"{many.Accounts()} {(many == 1 ? "is" : "are")} in this policy."
                : "It takes too long to count the accounts in this policy. Reload the page in a minute.")
            + (rules == 0 ? "" : $" It has {((long)rules).Of("membership rule", "membership rules")}.");
        return answer;
    }
}
