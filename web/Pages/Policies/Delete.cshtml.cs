using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Policies;

/// <summary>Says first how many come under another policy (SPEC S5).</summary>
[Requires(Permission.ManagePolicies, Fresh = true)]
public sealed class DeleteModel(IMediator mediator) : PolicyPage(mediator)
{
    /// <summary>Whoever is under it, however they came to it.</summary>
    public long Members { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (View.IsDefault) return Refused(new DefaultPolicyStays(), Path);
        Members = await Ask(new CountMatchingAccounts(Organization, ManagedAccountFilter.Everybody with { Policy = PolicyId },
            int.MaxValue));
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var deleted = await Do(new DeletePolicy(Organization, Policy, Origin));
        return deleted.Granted ? Said($"{View.Settings.Name} is deleted.", $"{Home}/policies") : Refused(deleted.Refusal, Path);
    }
}
