using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.Claims;

/// <summary>Step 4: starts the job (SPEC C1, C2).</summary>
[Requires(Permission.ClaimAccounts)]
public sealed class ConfirmModel(IMediator mediator) : ClaimStep(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, false);

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    /// <summary>Sent before the draft is read: a second click finds the draft carried out already,
    /// and is answered with the same job.</summary>
    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new ConfirmClaim(Organization, Draft, Input.TypedName, Origin, Input.Notify));
        if (outcome.Granted) return LocalRedirect($"{Home}/jobs/{outcome.Value}");
        return await Load() ?? RefuseStep(outcome.Refusal);
    }

    public sealed record Form(string? TypedName, bool Notify);
}
