using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>A person gives up the own, unmanaged account (SPEC A5, A12).</summary>
[Requires(Permission.OwnAccount, Fresh = true)]
public sealed class DeleteOwnModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(false);

    /// <summary>Where another admin may be missing, after a refusal for that reason (SPEC A8).</summary>
    public IReadOnlyList<OrganizationView> LastAdminOf { get; private set; } = [];

    public async Task<IActionResult> OnGet()
    {
        var account = await Ask(new ReadAccount(Visitor!.Account));
        if (!account.Granted) return NotFound();
        return account.Value.ManagedBy is null ? Page() : Refused(new ManagedByOrganization(), AccountModel.Path);
    }

    public async Task<IActionResult> OnPost()
    {
        if (!Input.Understood)
        {
            ModelState.AddModelError("Input.Understood", "Tick the box to show that you understand.");
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }
        var outcome = await Do(new ScheduleDeletion(Visitor!.Account, null, Origin));
        if (outcome.Refusal is LastOrganizationAdmin) LastAdminOf = await Ask(new ReadOrganizations(Visitor.AdminOf));
        if (!outcome.Granted)
            return outcome.Refusal is LastOrganizationAdmin ? Refuse(outcome.Refusal) : Refused(outcome.Refusal, AccountModel.Path);
        SessionCookie.Take(Response, settings);
        var due = ((DeletionScheduled)outcome.Value).DueAt.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        return Said($"Your account will be deleted on {due}. Sign in before then to cancel that.", "/sign-in");
    }

    public sealed record Form(bool Understood);
}
