using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Webhooks;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Webhooks;

/// <summary>What arrived at a webhook and what did not.</summary>
[Requires(Permission.ManageWebhooks, FreshToSend = true)]
public sealed class WebhookModel(IMediator mediator) : WebhookPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPostPause(bool paused)
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new PauseWebhook(Organization, Webhook, paused, Origin));
        return outcome.Granted
            ? Said(paused ? "The webhook is paused. What happens meanwhile is sent when it goes on." : "The webhook goes on.", Path)
            : Refused(outcome.Refusal, Path);
    }

    public async Task<IActionResult> OnPostSendAgain(Guid delivery)
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new SendAgain(Organization, Webhook, delivery, Origin));
        if (!outcome.Granted) return Refused(outcome.Refusal, Path);
        return Said(outcome.Value.Failure is { } failure
            ? $"It was sent again and did not arrive. {failure}"
            : "It was sent again and arrived.", Path);
    }
}
