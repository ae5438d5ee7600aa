using DirectoryPlatform.Web.Pages.Account;

namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>What a person does to the own account (SPEC S2, S4, A5, A12).</summary>
static class OwnConfirmations
{
    const string Tokens = "/account/api-tokens";

    public static IReadOnlyList<ConfirmedAction> All { get; } =
    [
        ConfirmedAction.On("account/api-tokens/{tokenId:guid}/revoke", new(Permission.OwnAccount) { Fresh = true }, _ => Tokens,
            page => Token(page, page.Visitor!.Account, null), (page, token) =>
            new($"Revoke “{token.Label}”", "API tokens", "Revoke API token", "x", "Revoking…")
            {
                Warning = "Programs that use this token stop working at once. This cannot be undone.",
                More = "You can create a new one for them.",
                Execute = _ => page.Execute(new RevokeApiToken(page.Visitor!.Account, token.Id, null, page.Origin),
                    revoked => new($"“{revoked.Label}” is revoked.", Tokens)),
                LeadsTo = _ => Tokens,
            }),
        ConfirmedAction.On("account/two-step/turn-off", new(Permission.OwnAccount), _ => OwnTwoStepModel.Path, TwoStepIsOptional,
            (page, _) => new("Turn off two-step verification", "Two-step verification", "Turn off", "x", "Turning off…")
            {
                Warning = "From then on, the password alone is enough to sign in as you.",
                More = "The key in your app and all recovery codes stop working.",
                AsksPassword = true,
                Execute = form => page.Execute(new TurnOffTwoStep(page.Visitor!.Account, form.Password, page.Origin),
                    _ => new("Two-step verification is off.", OwnTwoStepModel.Path)),
                LeadsTo = refusal => refusal is TwoStepOff or TwoStepMandatory ? OwnTwoStepModel.Path : null,
            }),
        // Another address, once it is confirmed (SPEC A12).
        ConfirmedAction.On("account/email", new(Permission.OwnAccount) { Fresh = true }, _ => AccountModel.Path, MayMove, (page, now) =>
            new("Change your email address", "Your account", "Send link", "mail", "Sending…")
            {
                Danger = Danger.None,
                Advice =
                [
                    ["We will send a link to the new address. Follow it within 24 hours to confirm the address; until then, nothing "
                        + "changes. Your current address is notified at once and can stop it. "
                        + "You are then signed out everywhere and sign in with the new address."],
                    [$"Current address: {now}"],
                ],
                Fields =
                [
                    new(nameof(ConfirmForm.Email), "New email address", "When it belongs to an organization that claims accounts "
                        + "automatically, that organization manages your account from then on.")
                    {
                        Type = "email", Autocomplete = "email", Value = page.Request.Query["email"],
                    },
                ],
                Beside = _ => nameof(ConfirmForm.Email),
                Execute = form => page.Execute(new RequestEmailChange(page.Visitor!.Account, form.Email, page.Origin),
                    sentTo => new($"We sent a link to {sentTo}.", AccountModel.Path)),
            }),
        ConfirmedAction.On("account/delete", new(Permission.OwnAccount) { Fresh = true }, _ => AccountModel.Path, Unmanaged, (page, _) =>
            new("Delete your account", "Your account", "Delete my account", "trash-2", "Deleting…")
            {
                Danger = Danger.Erases,
                Warning = "You are signed out everywhere at once, and every session and token stops working.",
                Points =
                [
                    "For 14 days you can restore it: sign in and cancel the deletion. After that, your name, email address, "
                        + "picture, profile and password are permanently erased, and your past activity shows “Former user”.",
                ],
                Acknowledged = ("I understand that my account is deleted after 14 days",
                    "Select the checkbox to confirm that you understand."),
                Execute = _ => Delete(page),
                LeadsTo = refusal => refusal is LastOrganizationAdmin ? null : AccountModel.Path,
            }),
    ];

    /// <param name="by">The organization whose admin asks; null for the own account.</param>
    internal static async Task<Outcome<ApiTokenView>> Token(ConfirmModel page, AccountId account, OrganizationId? by)
    {
        var tokens = await page.Send(new ReadApiTokens(account, by));
        if (!tokens.Granted) return tokens.Refusal;
        return tokens.Value.Tokens.FirstOrDefault(t => t.Id == page.Id("tokenId")) is { } token ? token : new NoSuchApiToken();
    }

    static async Task<Outcome<Done>> TwoStepIsOptional(ConfirmModel page)
    {
        var view = await page.Send(new ReadSignInSecurity(page.Visitor!.Account, null, page.Visitor.Account));
        return view switch
        {
            { Granted: false } => view.Refusal,
            { Value.TwoStepSince: null } => new TwoStepOff(),
            { Value.TwoStepMandatory: true } => new TwoStepMandatory(),
            _ => Done.It,
        };
    }

    /// <summary>The present address, where it may be changed.</summary>
    static async Task<Outcome<string>> MayMove(ConfirmModel page)
    {
        var profile = await page.Send(new ReadProfile(page.Visitor!.Account, null, page.Visitor.Account));
        if (!profile.Granted) return profile.Refusal;
        if (profile.Value is { EmailRefusal: ManagedByOrganization, ManagedBy: { } by }) return await ManagedBy(page, by);
        return profile.Value.EmailRefusal is { } refusal ? refusal : profile.Value.Email ?? "";
    }

    static async Task<Outcome<Done>> Unmanaged(ConfirmModel page)
    {
        var account = await page.Send(new ReadAccount(page.Visitor!.Account));
        if (!account.Granted) return account.Refusal;
        return account.Value.ManagedBy is { } by ? await ManagedBy(page, by) : Done.It;
    }

    static async Task<Refusal> ManagedBy(ConfirmModel page, OrganizationId by) =>
        new ManagedByOrganization((await page.Send(new ReadOrganizations([by]))).FirstOrDefault()?.Name);

    static async Task<Outcome<ConfirmAnswer>> Delete(ConfirmModel page)
    {
        var scheduled = await page.Execute(new ScheduleDeletion(page.Visitor!.Account, null, page.Origin));
        if (scheduled.Refusal is LastOrganizationAdmin) page.Hint = WhereAnAdminMayBeMissing(
            await page.Send(new ReadOrganizations(page.Visitor.AdminOf)));
        if (!scheduled.Granted) return scheduled.Refusal;
        page.ForgetSession();
        var due = ((DeletionScheduled)scheduled.Value).DueAt.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        return new ConfirmAnswer($"Your account will be deleted on {due}. Sign in before then to cancel that.", "/sign-in");
    }

    /// <summary>SPEC A8.</summary>
    static IReadOnlyList<Piece> WhereAnAdminMayBeMissing(IReadOnlyList<OrganizationView> organizations) => organizations.Count == 0 ? [] :
    [
        "You administer ",
        .. organizations.SelectMany((o, i) => (Piece[])[i == 0 ? "" : ", ", new(o.Name, $"/o/{o.Id}/admins")]),
        ". Add another admin where you are the only one.",
    ];
}
