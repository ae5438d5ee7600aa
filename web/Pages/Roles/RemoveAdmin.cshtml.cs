using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Roles;

/// <summary>Names the consequence, then ends the role (SPEC S7, A8).</summary>
[Requires(Permission.ManageAdmins, Fresh = true)]
public sealed class RemoveAdminModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    public OrganizationAdminView View { get; private set; } = null!;
    public bool IsMe => AccountId == Visitor!.Account.Value;
    public string Back => $"{Home}/admins";

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new RemoveAdmin(Organization, View.Id, Origin));
        if (!outcome.Granted) return Refused(outcome.Refusal, Back);
        return IsMe ? Said("You are no longer an admin of this organization.", "/account") : Said($"{View.Name} is no longer an admin.",
            Back);
    }

    /// <summary>Null when the account is an admin of this organization; whoever is not is answered as an unknown id.</summary>
    async Task<IActionResult?> Load()
    {
        if ((await Ask(new ReadOrganizationAdmins(Organization))).FirstOrDefault(a => a.Id.Value == AccountId) is not { } admin)
            return Refused(new NotAdmin(), Back);
        View = admin;
        return admin.OnlyOne ? Refused(new LastOrganizationAdmin(), Back) : null;
    }
}
