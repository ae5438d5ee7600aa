using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Warns, has the warning acknowledged, then starts the 14 days (SPEC A5).</summary>
[Requires(Permission.ManageAccounts, Fresh = true)]
public sealed class DeleteModel(IMediator mediator) : MemberPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(false);

    public async Task<IActionResult> OnGet() => await Load(AccountAction.Delete) ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load(AccountAction.Delete) is { } elsewhere) return elsewhere;
        if (!Input.Acknowledged) return Refuse(new NotAcknowledged());
        var outcome = await Do(new ScheduleDeletion(Account, Organization, Origin));
        return outcome.Granted
            ? Said($"{View.Name} will be deleted in 14 days.", Path, ("Undo", $"{Path}/cancel-deletion"))
            : Refuse(outcome.Refusal);
    }

    public sealed record Form(bool Acknowledged);
}
