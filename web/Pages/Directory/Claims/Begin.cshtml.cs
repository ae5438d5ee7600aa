using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.Claims;

/// <summary>Step 1 of the wizard: which accounts to claim (SPEC C1) or to unclaim (C6).</summary>
[Requires(Permission.ClaimAccounts)]
public sealed class BeginModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid DomainId { get; set; }
    [FromRoute] public string Verb { get; set; } = "";
    [BindProperty] public Form Input { get; set; } = new("all", null);

    public bool Unclaim => Verb == "unclaim";
    public DomainView View { get; private set; } = null!;

    public async Task<IActionResult> OnGet() => await Load() is { } refusal ? ShowError(refusal) : Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } refusal) return ShowError(refusal);
        var fromFile = Input.Which == "file";
        if (fromFile && Input.File is null) return ShowError(new NoFile(), nameof(Input.File));
        await using var csv = fromFile ? Input.File!.OpenReadStream() : null;
        var outcome = await Execute(new BeginClaim(Organization, new DomainId(DomainId), csv, Origin, Unclaim));
        return outcome.Granted
            ? LocalRedirect($"{Home}/claims/{outcome.Value}")
            : ShowError(outcome.Refusal, fromFile ? nameof(Input.File) : null);
    }

    async Task<Refusal?> Load()
    {
        var outcome = await Send(new ReadDomain(Organization, new DomainId(DomainId)));
        if (outcome.Granted) View = outcome.Value;
        return outcome.Refusal;
    }

    /// <param name="Which">"all" or "file".</param>
    public sealed record Form(string? Which, IFormFile? File);

    sealed record NoFile() : Refusal("noFile", "Choose a file first.");
}
