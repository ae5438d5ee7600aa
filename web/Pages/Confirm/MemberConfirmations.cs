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
                Warning = $"{person.Name} is signed out everywhere at once and can no longer sign in.",
                More = "All sessions and tokens stop working. "
                    + "Data, memberships, roles and groups are kept, and are restored when you reactivate the account.",
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
                    [$"{person.Name} can sign in again and gets back exactly the access they had before. Sessions that "
                        + "were ended stay ended."],
                    .. person.DeactivationReason is { } reason
                        ? (IReadOnlyList<Piece>[])[[$"Reason for the deactivation: “{reason}”"]]
                        : [],
                ],
                Execute = _ => page.Execute(new ReactivateAccount(page.Account, page.Organization, page.Origin),
                    _ => new($"{person.Name} is active again.", page.Back)),
            }),
        Offered("delete", Permission.ManageAccounts, AccountAction.Delete, fresh: true, ask: (page, person) =>
            new($"Delete {person.Name}", person.Name, "Delete account", "trash-2", "Deleting…")
            {
                Danger = Danger.Erases,
                Warning = $"{person.Name} is signed out everywhere at once. After 14 days, the account is permanently erased.",
                Points =
                [
                    "The name, email address, picture, profile, password, sessions and tokens are erased. Past "
                        + "activity shows “Former user”.",
                    "The email address then becomes available again.",
                    $"Until then, you can cancel the deletion, and {person.Name} gets all access back.",
                ],
                Advice =
                [
                    [$"If {person.Name} only needs to lose access, ", new("deactivate the account", $"{page.Back}/deactivate"),
                        " instead. Everything is kept."],
                ],
                Acknowledged = ("I understand that the data is permanently erased after 14 days", new NotAcknowledged().Sentence),
                Execute = _ => page.Execute(new ScheduleDeletion(page.Account, page.Organization, page.Origin),
                    _ => new($"{person.Name} will be deleted in 14 days.", page.Back, ("Undo", $"{page.Back}/cancel-deletion"))),
            }),
        Offered("cancel-deletion", Permission.ManageAccounts, AccountAction.CancelDeletion, (page, person) =>
            new($"Cancel the deletion of {person.Name}", person.Name, "Cancel deletion", "rotate-ccw", "Cancelling…")
            {
                Danger = Danger.None,
                Advice =
                [
                    [$"{person.Name} can sign in again and gets back exactly the access they had, even if the account was deactivated "
                        + "before. Sessions that were ended stay ended."],
                    .. person.DeletionDueAt is { } due
                        ? (IReadOnlyList<Piece>[])[["Otherwise, the account will be erased on ", new("", At: due), "."]]
                        : [],
                ],
                Execute = _ => page.Execute(new CancelDeletion(page.Account, page.Organization, page.Origin),
                    _ => new($"{person.Name} is active again.", page.Back)),
            }),
        Offered("unclaim", Permission.ClaimAccounts, AccountAction.Unclaim, fresh: true, ask: (page, person) =>
            new($"Unclaim {person.Name}", person.Name, "Unclaim account", "user-minus", "Unclaiming…")
            {
                Warning = "Your organization will no longer manage this account.",
                More = person.DeletionDueAt is null
                    ? $"{person.Name} keeps all access, leaves your authentication policies, and can again change their email address "
                        + "and delete the account."
                    : "It leaves your authentication policies.",
                Advice =
                [
                    .. person.DeletionDueAt is { } due
                        ? (IReadOnlyList<Piece>[])
                        [
                            ["The account is still deleted on ", new("", At: due), ". Once it is unclaimed, a deletion that your "
                                + "organization scheduled can be cancelled only if your organization claims the account again. To let "
                                + $"{person.Name} keep the account, ", new("cancel the deletion", $"{page.Back}/cancel-deletion"),
                                " first."],
                        ]
                        : [],
                    ["The account is added to the domain’s exclusion list, so automatic claiming skips it."],
                ],
                Execute = _ => page.Execute(new UnclaimAccount(page.Account, page.Organization, Exclude: true, page.Origin),
                    _ => new($"{person.Name} is unclaimed.", $"{page.Home}/members")),
            }),
        Offered("resend-verification", Permission.ManageAccounts, AccountAction.ResendVerification, (page, person) =>
            new("", person.Name, "", "", "")
            {
                Execute = _ => page.Execute(new SendVerificationMail(page.Account, page.Organization, page.Origin),
                    _ => new($"Verification email sent to {person.Email}.", page.Back)),
                LeadsTo = _ => page.Back,
            }) with { WithoutQuestion = true },
        ConfirmedAction.On(Address + "unlink", new(Permission.ManageProvisioning) { Fresh = true }, Path, Owned, (page, found) =>
            new($"Unlink {found.Person.Name}", found.Person.Name, "Unlink", "link-2", "Unlinking…")
            {
                Warning = $"“{found.Owner}” no longer manages this account, and its details can be changed here again.",
                More = "The account stays managed and does not change. No one loses access.",
                Advice =
                [
                    [$"While the person is assigned in “{found.Owner}”, it will try to link the account again. Unassign "
                        + "them there first."],
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
