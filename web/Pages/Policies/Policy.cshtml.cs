using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Policies;

/// <summary>One policy: its rules, and the way to its people (SPEC S5).</summary>
[Requires(Permission.ManagePolicies)]
public sealed class PolicyModel(IMediator mediator) : PolicyPage(mediator), IPolicyFormPage
{
    [BindProperty] public PolicyForm Input { get; set; } = new();

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Input = PolicyForm.Of(View.Settings, View.Version);
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var changed = await Do(new ChangePolicy(Organization, Policy, Input.Seen, Input.Settings, Origin));
        if (changed.Granted) return Said($"{Input.Name?.Trim()}: saved. What concerns signing in holds from each person’s next sign-in.", $"{Home}/policies");
        if (changed.Refusal is PolicyStale)
        {
            // The next save is one that has seen what stands there; what was typed stays.
            Input.Seen = View.Version;
            ModelState.Remove("Input.Seen");
        }
        return Refuse(changed.Refusal, changed.Refusal is PolicyNameTaken ? "Name" : null);
    }
}
