using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.Bulk;

/// <summary>Unclaims the accounts that CSV files name, on any of the organization's domains (SPEC C6).</summary>
[Requires(Permission.ClaimAccounts)]
public sealed class UnclaimFilesModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        if (Input.Files is not { Count: > 0 } files) return Refuse(new NoFile(), nameof(Input.Files));
        var outcome = await files.AsAddresses(null, list => Do(new PrepareUnclaimByFiles(Organization, list.Files, Origin)));
        return outcome.Granted ? LocalRedirect($"{Home}/bulk/{outcome.Value}") : Refuse(outcome.Refusal, nameof(Input.Files));
    }

    public sealed record Form(List<IFormFile>? Files);

    sealed record NoFile() : Refusal("noFile", "Choose a file first.");
}
