namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>What an admin does to one managed account (SPEC A2 to A5, C6, P2).</summary>
static class MemberConfirmations
{
    internal const string Address = "o/{orgId:guid}/members/{accountId:guid}/";

    public static IReadOnlyList<ConfirmedAction> All { get; } =
    [
        Offered("deactivate", Permission.ManageAccounts, AccountAction.Deactivate, (page, person) =>
            new($"Deactivate {person.Name}", person.Name, "Deactivate account", "ban", "Deactivating…")
            {
                Warning = $"{person.Name} is signed out everywhere at once and cannot sign in any more.",
                More = "Every session and token stops working. Data, memberships, roles and groups are kept, and come back when you "
                    + "reactivate the account.",
                Tells = person.Name,
                Execute = form => page.Execute(
                    new DeactivateAccount(page.Account, page.Organization, form.Reason, form.Message, form.Notify, page.Origin),
                    _ => new($"{person.Name} is deactivated.", page.Back, ("Undo", $"{page.Back}/reactivate"))),
            }),
        Offered("reactivate", Permission.ManageAccounts, AccountAction.Reactivate, (page, person) =>
            new($"Reactivate {person.Name}", person.Name, "Reactivate account", "rotate-ccw", "Reactivating…")
            {
                Danger = Danger.None,
                Advice =
                [
                    [$"{person.Name} can sign in again and gets back exactly the access there was before the deactivation. Sessions that "
                        + "were ended stay ended."],
                    .. person.DeactivationReason is { } reason
                        ? (IReadOnlyList<Piece>[])[[$"It was deactivated for this reason: “{reason}”"]]
                        : [],
                ],
                Execute = _ => page.Execute(new ReactivateAccount(page.Account, page.Organization, page.Origin),
                    _ => new($"{person.Name} is active again.", page.Back)),
            }),
        Offered("delete", Permission.ManageAccounts, AccountAction.Delete, fresh: true, ask: (page, person) =>
            new($"Delete {person.Name}", person.Name, "Delete account", "trash-2", "Deleting…")
            {
                Danger = Danger.Erases,
                Warning = $"{person.Name} is signed out everywhere at once. After 14 days the account is erased for good.",
                Points =
                [
                    "Erased are the name, the email address, the picture, the profile, the password, sessions and tokens. What the person "
                        + "did shows “Former user”.",
                    "The email address is free again then.",
                    $"Until then you can cancel the deletion, and {person.Name} gets all access back.",
                ],
                Advice =
                [
                    [$"If {person.Name} only has to lose access, ", new("deactivate the account", $"{page.Back}/deactivate"),
                        " instead: everything is kept."],
                ],
                Acknowledged = ("I understand that the data is erased for good after 14 days", new NotAcknowledged().Sentence),
                Execute = _ => page.Execute(new ScheduleDeletion(page.Account, page.Organization, page.Origin),
                    _ => new($"{person.Name} will be deleted in 14 days.", page.Back, ("Undo", $"{page.Back}/cancel-deletion"))),
            }),
        Offered("cancel-deletion", Permission.ManageAccounts, AccountAction.CancelDeletion, (page, person) =>
            new($"Cancel the deletion of {person.Name}", person.Name, "Cancel the deletion", "rotate-ccw", "Cancelling…")
            {
                Danger = Danger.None,
                Cancel = "Back",
                Advice =
                [
                    [$"{person.Name} can sign in again and gets back exactly the access there was, even if the account was deactivated "
                        + "before. Sessions that were ended stay ended."],
                    .. person.DeletionDueAt is { } due
                        ? (IReadOnlyList<Piece>[])[["Without this, the account is erased on ", new("", At: due), "."]]
                        : [],
                ],
                Execute = _ => page.Execute(new CancelDeletion(page.Account, page.Organization, page.Origin),
                    _ => new($"{person.Name} is active again.", page.Back)),
            }),
        Offered("unclaim", Permission.ClaimAccounts, AccountAction.Unclaim, fresh: true, ask: (page, person) =>
            new($"Unclaim {person.Name}", person.Name, "Unclaim account", "user-minus", "Unclaiming…")
            {
                Warning = "Your organization does not manage this account any more.",
                More = $"{person.Name} keeps all access, leaves your authentication policies, and can change the own email address and "
                    + "delete the account again.",
                Advice = [["The account goes on the domain’s exclusion list, so that automatic claiming does not take it again."]],
                Execute = _ => page.Execute(new UnclaimAccount(page.Account, page.Organization, Exclude: true, page.Origin),
                    _ => new($"{person.Name} is unclaimed.", $"{page.Home}/members")),
            }),
        Offered("resend-verification", Permission.ManageAccounts, AccountAction.ResendVerification, (page, person) =>
            new("", person.Name, "", "", "")
            {
                Execute = _ => page.Execute(new SendVerificationMail(page.Account, page.Organization, page.Origin),
                    _ => new($"The verification mail is on its way to {person.Email}.", page.Back)),
                LeadsTo = _ => page.Back,
            }) with { WithoutQuestion = true },
        ConfirmedAction.On(Address + "unlink", new(Permission.ManageProvisioning) { Fresh = true }, Path, Owned, (page, found) =>
            new($"Unlink {found.Person.Name}", found.Person.Name, "Unlink", "link-2", "Unlinking…")
            {
                Warning = $"{found.Owner} provides nothing of this account any more, and what it owned can be changed here again.",
                More = "The account stays managed and as it is; nobody loses access by this.",
                Advice =
                [
                    [$"As long as the person is assigned in {found.Owner}, it will try to make the account its own again. Take the person "
                        + "off there first."],
                ],
                Execute = _ => page.Execute(new UnlinkPerson(page.Organization, page.Account, page.Origin),
                    _ => new($"{found.Person.Name} is unlinked. All details can be changed here again.", page.Back)),
                LeadsTo = _ => page.Back,
            }),
    ];

    /// <summary>Of the profile.</summary>
    internal static string Path(ConfirmModel page) => $"{page.Home}/members/{page.Account}";

    internal static Task<Outcome<ManagedAccountProfile>> Person(ConfirmModel page) =>
        page.Send(new ReadManagedAccount(page.Organization, page.Account, page.Visitor!.Account));

    /// <summary>One that the profile offers, or names the refusal of.</summary>
    static ConfirmedAction Offered(string route, Permission permission, AccountAction action,
        Func<ConfirmModel, ManagedAccountProfile, Question> ask, bool fresh = false) =>
        ConfirmedAction.On(Address + route, new(permission) { Fresh = fresh }, Path, async page =>
        {
            var person = await Person(page);
            return person.Granted && person.Value.Actions.FirstOrDefault(a => a.Action == action)?.Refusal is { } refusal
                ? refusal
                : person;
        }, ask);

    static async Task<Outcome<(ManagedAccountProfile Person, string Owner)>> Owned(ConfirmModel page)
    {
        var person = await Person(page);
        if (!person.Granted) return person.Refusal;
        if (await page.Send(new WhichDirectory(page.Organization, page.Account)) is not { } owner) return new NotProvisioned();
        return (person.Value, owner.Name);
    }
}
