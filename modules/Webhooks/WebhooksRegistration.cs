using DirectoryPlatform.Webhooks.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DirectoryPlatform.Webhooks;

/// <summary>Where an organization's audit log is sent, and what became of each delivery (SPEC L3).</summary>
public static class WebhooksRegistration
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.TryAddSingleton(new WebhookSettings());
        return services
            .AddSingleton<IDeleteOrganizationData, ForgetWebhooks>()
            .AddSingleton<WebhookStore>()
            .AddSingleton<WebhookPost>()
            .AddHostedService<WebhookDelivery>()
            .AddSingleton<IRecurring, ForgetOldTries>();
    }
}
