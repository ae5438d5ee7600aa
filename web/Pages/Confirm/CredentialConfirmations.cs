namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>What an admin takes back of how a managed person signs in (SPEC M2, M6 to M8).</summary>
static class CredentialConfirmations
{
    public static IReadOnlyList<ConfirmedAction> All { get; } =
    [
        On("reset-password", fresh: true, Secured(s => s.ResetPassword), (page, found) =>
            new($"Reset the password of {found.Person.Name}", found.Person.Name, "Reset password", "lock", "Resetting…")
            {
                Warning = $"{found.Person.Name} is signed out everywhere at once.",
                More = "API tokens are revoked, and pending links and changes stop working. The next sign-in asks for the old password, "
                    + $"then for a new one. {AdminsTold(found)}Let {found.Person.Name} know first. They also get an email.",
                Advice =
                [
                    ["Anyone who knows the old password can still choose the new one. If it may be in the wrong hands, deactivate the "
                        + $"account until you have spoken with {found.Person.Name}."],
                ],
                Execute = async _ => (await page.Execute(new ResetPasswords([page.Account], page.Organization, page.Origin)
                {
                    Asker = page.Visitor!.AdminOf
                }))[0].Map(_ => new ConfirmAnswer(
                    $"{found.Person.Name} was signed out and must choose a new password at the next sign-in.", page.Back)),
            }),
        On("reset-two-step", fresh: true, Secured(s => s.ResetTwoStep), (page, found) =>
            new($"Reset two-step verification for {found.Person.Name}", found.Person.Name, "Reset two-step verification", "rotate-ccw",
                "Resetting…")
            {
                Warning = $"From then on, the password alone is enough to sign in as {found.Person.Name},",
                More = "until two-step verification is set up again. The key in the app and all recovery codes stop working. "
                    + $"{AdminsTold(found)}The person gets an email.",
                Advice = [[$"Make sure that {found.Person.Name} really requested this."]],
                Execute = _ => page.Execute(
                    new ResetTwoStep(page.Account, page.Organization, page.Origin) { Asker = page.Visitor!.AdminOf },
                    _ => new($"Two-step verification was reset for {found.Person.Name}.", page.Back)),
            }),
        On("log-out", fresh: false, MemberConfirmations.Person, (page, person) => page.Account == page.Visitor!.Account
            ? new("Sign yourself out everywhere", person.Name, "Sign out everywhere", "log-out", "Signing out…")
            {
                Warning = "All your browsers and mobile apps are signed out at once, this browser too. Unsaved work there is lost.",
                More = "You can sign in again. You get an email. API tokens keep working.",
                Execute = _ => page.Execute(new LogOutEverywhere(page.Account, null, page.Organization, page.Origin),
                    devices => new($"You are signed out of {devices.Of("device", "devices")}.", page.Back)),
                LeadsTo = _ => page.Back,
            }
            : new($"Sign {person.Name} out everywhere", person.Name, "Sign out everywhere", "log-out", "Signing out…")
            {
                Warning = "All browsers and mobile apps are signed out at once. Unsaved work there is lost.",
                More = $"{person.Name} can sign in again, and gets an email. API tokens keep working.",
                Execute = _ => page.Execute(new LogOutEverywhere(page.Account, null, page.Organization, page.Origin),
                    devices => new(devices == 0
                        ? $"{person.Name} was not signed in anywhere."
                        : $"{person.Name} is signed out of {devices.Of("device", "devices")}.", page.Back)),
                LeadsTo = _ => page.Back,
            }),
        On("devices/{deviceId:guid}/log-out", fresh: false, Device, (page, found) =>
            new($"Sign {found.Person.Name} out of {found.Thing.Name}", found.Person.Name, "Sign out of this device", "log-out",
                "Signing out…")
            {
                Warning = "This device is signed out at once. Unsaved work there is lost.",
                More = $"{found.Person.Name} can sign in again, and gets an email.",
                Execute = _ => page.Execute(new LogOutDevice(page.Account, found.Thing.Id, page.Organization, page.Origin),
                    device => new($"{found.Person.Name} is signed out of {device.Name}.", page.Back)),
                LeadsTo = _ => page.Back,
            }),
        On("api-tokens/{tokenId:guid}/revoke", fresh: true, Token, (page, found) =>
            new($"Revoke “{found.Thing.Label}”", found.Person.Name, "Revoke API token", "x", "Revoking…")
            {
                Warning = "Programs that use this token stop working at once. This cannot be undone.",
                More = $"{found.Person.Name} gets an email and can create a new token.",
                Execute = _ => page.Execute(new RevokeApiToken(page.Account, found.Thing.Id, page.Organization, page.Origin),
                    token => new($"The API token “{token.Label}” is revoked.", page.Back)),
                LeadsTo = _ => page.Back,
            }),
    ];

    static ConfirmedAction On<T>(string route, bool fresh, Func<ConfirmModel, Task<Outcome<T>>> find,
        Func<ConfirmModel, T, Question> ask) where T : notnull =>
        ConfirmedAction.On(MemberConfirmations.Address + route, new(Permission.ManageAccounts) { Fresh = fresh },
            page => $"{MemberConfirmations.Path(page)}?tab=security", find, ask);

    /// <summary>With whether the person administers an organization: the other admins are then told (SPEC S13).</summary>
    /// <param name="refusalOf">Why this one is refused; null when it is offered.</param>
    static Func<ConfirmModel, Task<Outcome<(ManagedAccountProfile Person, bool IsAdmin)>>> Secured(
        Func<SignInSecurity, Refusal?> refusalOf) => async page =>
    {
        var person = await MemberConfirmations.Person(page);
        if (!person.Granted) return person.Refusal;
        var security = await page.Send(new ReadSignInSecurity(page.Account, page.Organization, page.Visitor!.Account));
        if ((security.Granted ? refusalOf(security.Value) : security.Refusal) is { } refusal) return refusal;
        var isAdmin = await page.Send(new ReadAccount(page.Account)) is { Granted: true, Value.AdminOf.Count: > 0 };
        return (person.Value, isAdmin);
    };

    /// <summary>A sentence and a space, or nothing.</summary>
    static string AdminsTold((ManagedAccountProfile Person, bool IsAdmin) found) =>
        found.IsAdmin ? $"{found.Person.Name} is an admin, so all other admins are notified by email. " : "";

    static async Task<Outcome<(ManagedAccountProfile Person, DeviceView Thing)>> Device(ConfirmModel page)
    {
        var person = await MemberConfirmations.Person(page);
        if (!person.Granted) return person.Refusal;
        var devices = await page.Send(new ReadDevices(page.Account, page.Organization));
        if (!devices.Granted) return devices.Refusal;
        return devices.Value.FirstOrDefault(d => d.Id == page.Id("deviceId")) is { } device
            ? (person.Value, device)
            : new NoSuchDevice();
    }

    static async Task<Outcome<(ManagedAccountProfile Person, ApiTokenView Thing)>> Token(ConfirmModel page)
    {
        var person = await MemberConfirmations.Person(page);
        if (!person.Granted) return person.Refusal;
        var token = await OwnConfirmations.Token(page, page.Account, page.Organization);
        return token.Map(t => (person.Value, t));
    }
}
