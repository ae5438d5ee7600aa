namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>Ends what ties the organization to the outside: directories, webhooks, domains (SPEC P2, P3, D12).</summary>
static class ProvisioningConfirmations
{
    /// <summary>As in the claim wizard (SPEC C1).</summary>
    const long TypedAbove = 1000;

    const string Directory = "o/{orgId:guid}/identity-providers/{directoryId:guid}/";

    public static IReadOnlyList<ConfirmedAction> All { get; } =
    [
        ConfirmedAction.On(Directory + "remove", new(Permission.ManageProvisioning) { Fresh = true }, OfDirectory, FindDirectory,
            (page, directory) => new($"Remove “{directory.Name}”", directory.Name, "Remove identity provider", "trash-2", "Removing…")
            {
                Warning = $"Its token stops working at once, and {directory.People.Of("person is", "people are")} released to your admins.",
                Points =
                [
                    "Their accounts and groups stay exactly as they are, including deactivated ones. "
                        + "Details that the provider managed can be changed here again. If you add the provider again, it starts without "
                        + "any people.",
                ],
                Word = directory.Name,
                Execute = form => page.Execute(new RemoveIdentityDirectory(page.Organization, directory.Id, form.TypedName, page.Origin),
                    _ => new($"“{directory.Name}” is removed. Its people are being released.", $"{page.Home}/identity-providers")),
            }),
        ConfirmedAction.On(Directory + "renew-token", new(Permission.ManageProvisioning) { Fresh = true }, OfDirectory, FindDirectory,
            (page, directory) => new("Renew token", directory.Name, "Renew token", "key-round", "Renewing…")
            {
                Warning = "The provider’s current token stops working at once.",
                More = "Until you enter the new one there, no one is provisioned. Nothing is lost, because the provider tries again.",
                Execute = _ => page.Execute(new RenewProvisioningToken(page.Organization, directory.Id, page.Origin),
                    made => new("", page.Back)
                    {
                        Once = ("/Pages/Security/Provisioning/_Token.cshtml", (made, $"{page.Home}/identity-providers")),
                    }),
            }),
        ConfirmedAction.On("o/{orgId:guid}/webhooks/{webhookId:guid}/delete", new(Permission.ManageWebhooks) { Fresh = true },
            page => $"{page.Home}/webhooks/{page.Id("webhookId")}",
            page => page.Send(new ReadWebhook(page.Organization, new(page.Id("webhookId")))), (page, found) =>
            new("Delete webhook", "Webhook", "Delete webhook", "trash-2", "Deleting…")
            {
                Warning = $"Nothing more is sent to {found.Webhook.Url}, and its list of deliveries is deleted.",
                More = "The audit log is not changed. A new webhook has a new secret and starts with events from then on.",
                Execute = _ => page.Execute(new DeleteWebhook(page.Organization, new(page.Id("webhookId")), page.Origin),
                    _ => new("Webhook deleted.", $"{page.Home}/webhooks")),
                LeadsTo = _ => page.Back,
            }),
        ConfirmedAction.On("o/{orgId:guid}/domains/{domainId:guid}/remove", new(Permission.ManageDomains) { Fresh = true },
            page => $"{page.Home}/domains/{page.Id("domainId")}", Domain, (page, found) =>
            new($"Remove {found.Domain.Display}", found.Domain.Display, "Remove domain", "trash-2", "Removing…")
            {
                Warning = found.Claimed > 0 ? $"{found.Claimed.Accounts()} will be unclaimed." : null,
                More = found.Claimed > 0
                    ? "People keep their access and regain control of their accounts. Your organization no longer manages them. "
                        + "Scheduled deletions continue."
                    : "There are no claimed accounts on this domain, so no accounts change.",
                Advice = [["Its token stops working. To use the domain again, add it again and publish a new token."]],
                Word = found.Claimed > TypedAbove ? found.Domain.Name : null,
                Seen = found.Domain.Version,
                Execute = async form =>
                {
                    var mistyped = found.Claimed > TypedAbove
                        && !string.Equals(form.TypedName?.Trim(), found.Domain.Name, StringComparison.OrdinalIgnoreCase);
                    if (mistyped) return new TypedWrong();
                    return await page.Execute(new RemoveDomain(page.Organization, found.Domain.Id, form.SeenVersion, page.Origin),
                        _ => new(found.Claimed > 0
                            ? $"{found.Domain.Display} is removed. A job is unclaiming its accounts."
                            : $"{found.Domain.Display} is removed.", $"{page.Home}/domains"));
                },
            }),
    ];

    static string OfDirectory(ConfirmModel page) => $"{page.Home}/identity-providers/{page.Id("directoryId")}";

    static async Task<Outcome<IdentityDirectoryView>> FindDirectory(ConfirmModel page) =>
        (await page.Send(new ReadIdentityDirectory(page.Organization, new(page.Id("directoryId"))))).Map(found => found.Directory);

    static async Task<Outcome<(DomainView Domain, long Claimed)>> Domain(ConfirmModel page)
    {
        var domain = await page.Send(new ReadDomain(page.Organization, new(page.Id("domainId"))));
        if (!domain.Granted) return domain.Refusal;
        var counts = await page.Send(new CountAccountsOnDomains(page.Organization, [domain.Value.Name]));
        return (domain.Value, counts.GetValueOrDefault(domain.Value.Name)?.ClaimedHere ?? 0);
    }
}
