using DirectoryPlatform.Kernel;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Web.Shared;
using DirectoryPlatform.Webhooks;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Webhooks;

public abstract class WebhookPage(IMediator mediator) : ResourcePage<WebhookDetail>(mediator)
{
    [FromRoute] public Guid WebhookId { get; set; }

    public WebhookId Webhook => new(WebhookId);
    public string Path => $"{Home}/webhooks/{WebhookId}";

    protected override IRequest<Outcome<WebhookDetail>> Read => new ReadWebhook(Organization, Webhook);
}
