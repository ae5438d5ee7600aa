using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Webhooks;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Webhooks;

/// <summary>Names the consequence first.</summary>
[Requires(Permission.ManageWebhooks, Fresh = true)]
public sealed class DeleteModel(IMediator mediator) : WebhookPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Do(new DeleteWebhook(Organization, Webhook, Origin));
        return outcome.Granted ? Said("The webhook is deleted.", $"{Home}/webhooks") : Refused(outcome.Refusal, Path);
    }
}
