namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>Takes back who may do what, and how people sign in (SPEC P1, S5, S7, A8).</summary>
static class SecurityConfirmations
{
    public static IReadOnlyList<ConfirmedAction> All { get; } =
    [
        ConfirmedAction.On("o/{orgId:guid}/policies/{policyId:guid}/delete", new(Permission.ManagePolicies) { Fresh = true },
            page => $"{page.Home}/policies/{page.Id("policyId")}", Policy, (page, found) =>
            new($"Delete policy “{found.Name}”", found.Name, "Delete policy", "trash-2", "Deleting…")
            {
                More = found.Members > 0
                    ? $"{found.Members.Accounts()} will be in another policy from the next sign-in: the default one, or one with a "
                        + "matching rule."
                    : found.Rules == 0 ? "No one is in this policy, so nothing changes." : "No one is in this policy.",
                Points = found.Rules == 0 ? [] : [$"This also deletes its {(found.Rules == 1 ? "membership rule" : "membership rules")}."],
                Execute = _ => page.Execute(new DeletePolicy(page.Organization, new(page.Id("policyId")), page.Origin),
                    _ => new($"“{found.Name}” is deleted.", $"{page.Home}/policies")),
                LeadsTo = _ => page.Back,
            }),
        ConfirmedAction.On("o/{orgId:guid}/api-keys/{keyId:guid}/revoke", new(Permission.ManageApiKeys) { Fresh = true }, Keys, Key,
            (page, key) => new($"Revoke “{key.Name}”", "API keys", "Revoke API key", "x", "Revoking…")
            {
                Warning = "Programs that use this key stop working at once. This cannot be undone.",
                More = "You can create a new one for them.",
                Execute = _ => page.Execute(new RevokeApiKey(page.Organization, key.Id, page.Origin),
                    revoked => new($"“{revoked.Name}” is revoked.", page.Back)),
                LeadsTo = _ => page.Back,
            }),
        // For when the key's admin has left.
        ConfirmedAction.On("o/{orgId:guid}/api-keys/{keyId:guid}/take-over", new(Permission.ManageApiKeys) { Fresh = true }, Keys, Key,
            (page, key) => new($"Take over “{key.Name}”", "API keys", "Take over", "key-round", "Taking over…")
            {
                Warning = "From now on, the key acts on your behalf, and works again if it had stopped.",
                More = "The key itself stays the same, so anyone who has it can still use it.",
                Advice =
                [
                    ["If someone who left may still have it, create a new key, give it to the program, and revoke this one."],
                ],
                Execute = _ => page.Execute(new TakeOverApiKey(page.Organization, key.Id, page.Visitor!.Account, page.Origin),
                    taken => new($"“{taken.Name}” now acts for you.", page.Back)),
                LeadsTo = _ => page.Back,
            }),
        ConfirmedAction.On("o/{orgId:guid}/single-sign-on/remove", new(Permission.ManagePolicies) { Fresh = true },
            page => $"{page.Home}/single-sign-on", Provider, (page, _) =>
            new("Remove identity provider", "Single sign-on", "Remove identity provider", "trash-2", "Removing…")
            {
                Warning = "No one can sign in through this provider anymore.",
                More = "Its settings and certificates are deleted. To use it again, enter and test them again. No one is signed out.",
                Execute = _ => page.Execute(new RemoveIdentityProvider(page.Organization, page.Origin),
                    _ => new("The identity provider is removed.", page.Back)),
                LeadsTo = _ => page.Back,
            }),
        ConfirmedAction.On("o/{orgId:guid}/admins/{accountId:guid}/remove", new(Permission.ManageAdmins) { Fresh = true },
            page => $"{page.Home}/admins", Admin, (page, admin) => admin.Id == page.Visitor!.Account
            ? new("Stop being an admin", "Admins", "Stop being an admin", "user-minus", "Removing…")
            {
                Warning = "You lose access to everything of this organization at once.",
                More = "Only another admin can add you again. Your account does not change.",
                Execute = _ => page.Execute(new RemoveAdmin(page.Organization, admin.Id, page.Origin),
                    _ => new("You are no longer an admin of this organization.", "/account")),
                LeadsTo = _ => page.Back,
            }
            : new($"Remove {admin.Name} as an admin", "Admins", "Remove as an admin", "user-minus", "Removing…")
            {
                Warning = $"{admin.Name} loses access to everything of this organization at once,",
                More = "including open pages, and gets an email. The account itself does not change, and you can add the person again.",
                Execute = _ => page.Execute(new RemoveAdmin(page.Organization, admin.Id, page.Origin),
                    _ => new($"{admin.Name} is no longer an admin.", page.Back)),
                LeadsTo = _ => page.Back,
            }),
    ];

    /// <summary>With all who are under it, however they came to it, and its rules, which go with it.</summary>
    static async Task<Outcome<(string Name, long Members, int Rules)>> Policy(ConfirmModel page)
    {
        var policy = await page.Send(new ReadPolicy(page.Organization, new(page.Id("policyId"))));
        if (!policy.Granted) return policy.Refusal;
        if (policy.Value.IsDefault) return new DefaultPolicyStays();
        var under = ManagedAccountFilter.Everybody with { Policy = page.Id("policyId") };
        var rules = (await page.Send(new ReadPolicyAssignment(page.Organization))).Rules.Count(r => r.Policy == policy.Value.Id);
        return (policy.Value.Settings.Name!, await page.Send(new CountMatchingAccounts(page.Organization, under, int.MaxValue)), rules);
    }

    static string Keys(ConfirmModel page) => $"{page.Home}/api-keys";

    static async Task<Outcome<ApiKeyView>> Key(ConfirmModel page) =>
        (await page.Send(new ReadApiKeys(page.Organization))).FirstOrDefault(k => k.Id == page.Id("keyId")) is { } key
            ? key
            : new NoSuchApiKey();

    /// <summary>Refused while a policy leads people there.</summary>
    static async Task<Outcome<Done>> Provider(ConfirmModel page) => await page.Send(new ReadIdentityProvider(page.Organization)) switch
    {
        { InForce: null, Proposed: null } => new NotFound("identity provider"),
        { Policies.Count: > 0 } => new ProviderInUse(),
        _ => Done.It,
    };

    static async Task<Outcome<OrganizationAdminView>> Admin(ConfirmModel page) =>
        (await page.Send(new ReadOrganizationAdmins(page.Organization))).FirstOrDefault(a => a.Id == page.Account) switch
        {
            null => new NotAdmin(),
            { OnlyOne: true } => new LastOrganizationAdmin(),
            var admin => admin,
        };
}
