using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Warns, then takes all access away (SPEC A3).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class DeactivateModel(IMediator mediator) : MemberPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new();

    public async Task<IActionResult> OnGet() => await Load(AccountAction.Deactivate) ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load(AccountAction.Deactivate) is { } elsewhere) return elsewhere;
        var outcome = await Do(new DeactivateAccount(Account, Organization, Input.Reason, Input.Message, Input.Notify, Origin));
        return outcome.Granted ? Said($"{View.Name} is deactivated.", Path, ("Undo", $"{Path}/reactivate")) : Refuse(outcome.Refusal);
    }

    public sealed class Form
    {
        public string? Reason { get; set; }
        public string? Message { get; set; }
        public bool Notify { get; set; } = true;
    }
}
