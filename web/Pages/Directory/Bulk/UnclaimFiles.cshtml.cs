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
        if (Input.Files is not { Count: > 0 } files) return ShowError(new NoFile(), nameof(Input.Files));
        var opened = files.Select(f => new NamedFile(f.FileName, f.OpenReadStream())).ToList();
        try
        {
            var outcome = await Execute(new PrepareUnclaimByFiles(Organization, opened, Origin));
            return outcome.Granted ? LocalRedirect($"{Home}/bulk/{outcome.Value}") : ShowError(outcome.Refusal, nameof(Input.Files));
        }
        finally
        {
            foreach (var file in opened) await file.Content.DisposeAsync();
        }
    }

    public sealed record Form(List<IFormFile>? Files);

    sealed record NoFile() : Refusal("noFile", "Choose a file first.");
}
