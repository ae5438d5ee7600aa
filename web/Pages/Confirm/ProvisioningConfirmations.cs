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
            (page, directory) => new($"Remove {directory.Name}", directory.Name, "Remove the directory", "trash-2", "Removing…")
            {
                Warning = $"Its token stops at once, and {directory.People.Of("person is", "people are")} given back to your admins.",
                Points =
                [
                    "Their accounts and groups stay exactly as they are, deactivated ones included; what the provider owned can be changed "
                        + "here again. A new directory begins without anybody.",
                ],
                Word = directory.Name,
                Cancel = "Keep it",
                Execute = form => page.Execute(new RemoveIdentityDirectory(page.Organization, directory.Id, form.TypedName, page.Origin),
                    _ => new($"{directory.Name} is removed. Its people are being given back.", $"{page.Home}/identity-providers")),
            }),
        ConfirmedAction.On(Directory + "renew-token", new(Permission.ManageProvisioning) { Fresh = true }, OfDirectory, FindDirectory,
            (page, directory) => new("Renew the token", directory.Name, "Renew token", "key-round", "Renewing…")
            {
                Warning = "The token that the provider has now stops at once.",
                More = "Until you enter the new one there, nobody is provisioned; nothing is lost, because the provider tries again.",
                Cancel = "Keep it",
                Execute = _ => page.Execute(new RenewProvisioningToken(page.Organization, directory.Id, page.Origin),
                    made => new("", page.Back)
                    {
                        Once = ("/Pages/Security/Provisioning/_Token.cshtml", (made, $"{page.Home}/identity-providers")),
                    }),
            }),
        ConfirmedAction.On("o/{orgId:guid}/webhooks/{webhookId:guid}/delete", new(Permission.ManageWebhooks) { Fresh = true },
            page => $"{page.Home}/webhooks/{page.Id("webhookId")}",
            page => page.Send(new ReadWebhook(page.Organization, new(page.Id("webhookId")))), (page, found) =>
            new("Delete the webhook", "Webhook", "Delete webhook", "trash-2", "Deleting…")
            {
                Warning = $"Nothing is sent to {found.Webhook.Url} any more, and its list of deliveries goes.",
                More = "What is in the audit log stays there. A new webhook has a new secret and begins with what happens then.",
                Cancel = "Keep it",
                Execute = _ => page.Execute(new DeleteWebhook(page.Organization, new(page.Id("webhookId")), page.Origin),
                    _ => new("The webhook is deleted.", $"{page.Home}/webhooks")),
                LeadsTo = _ => page.Back,
            }),
        ConfirmedAction.On("o/{orgId:guid}/domains/{domainId:guid}/remove", new(Permission.ManageDomains) { Fresh = true },
            page => $"{page.Home}/domains/{page.Id("domainId")}", Domain, (page, found) =>
            new($"Remove {found.Domain.Display}", found.Domain.Display, "Remove domain", "trash-2", "Removing…")
            {
                Warning = found.Claimed > 0 ? $"{found.Claimed.Accounts()} will be unclaimed." : null,
                More = found.Claimed > 0
                    ? "The people keep their access and get back control over their own accounts; your organization does not manage them "
                        + "any more."
                    : "No claimed account is on this domain, so no account changes.",
                Advice = [["The token becomes void. To have the domain again, you add it again and publish a new token."]],
                Word = found.Claimed > TypedAbove ? found.Domain.Name : null,
                Seen = found.Domain.Version,
                Cancel = "Keep it",
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
