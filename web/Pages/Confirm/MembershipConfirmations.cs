namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>Suspends, restores or removes one person, on one site or on all of the organization (SPEC U4, U5).</summary>
static class MembershipConfirmations
{
    const string Change = "/users/{accountId:guid}/{change:regex(^(suspend|restore|remove)$)}";

    public static IReadOnlyList<ConfirmedAction> All { get; } =
    [
        ConfirmedAction.On("o/{orgId:guid}" + Change, new(Permission.ManageUsers), Path, Find, Ask),
        ConfirmedAction.On("s/{siteId:guid}" + Change, new(Permission.ManageSiteUsers), Path, Find, Ask),
    ];

    static string Path(ConfirmModel page) => $"{page.Home}/users/{page.Account}";

    static async Task<Outcome<(UserProfile, ChangeWords, MembershipPreview)>> Find(ConfirmModel page)
    {
        var person = await page.Send(new ReadUser(new(page.Organization, page.Site), page.Account));
        if (!person.Granted) return person.Refusal;
        if (ChangeWords.Parse(page.Named("change")) is not { } words) return new NotFound("change");
        var preview = await page.Send(
            new PreviewMembership(page.Organization, page.Site, [page.Account], words.Change, page.Visitor!.Account));
        return preview.Refused is [var (_, refusal), ..] ? refusal : (person.Value, words, preview);
    }

    static Question Ask(ConfirmModel page, (UserProfile Person, ChangeWords Words, MembershipPreview Preview) found)
    {
        var (person, words, preview) = found;
        var removes = words.Change is MembershipChange.Remove;
        return new($"{words.Label} {person.Name}", person.Name, words.Label, words.Icon, "Working…")
        {
            Danger = words.Change is MembershipChange.Restore ? Danger.None : Danger.Loses,
            Warning = $"{person.Name} will be {words.Done}: {string.Join(", ", person.Sites.Select(s => s.Name))}.",
            Points =
            [
                .. words.Consequences,
                .. Lines(removes && preview.Groups.Count > 0, $"Groups to leave: {string.Join(", ", preview.Groups)}."),
                .. Lines(removes && preview.Grants > 0, $"Direct roles to remove: {preview.Grants.Grouped()}."),
                .. Lines(removes && person.Managed,
                    "Your organization still manages the account. To prevent all sign-ins, deactivate it instead."),
            ],
            Execute = async _ => (await page.Execute(
                new ChangeMembership(page.Organization, page.Site, [page.Account], words.Change, page.Origin)))[0].Map(_ => removes
                ? new ConfirmAnswer($"{person.Name} is removed from {(page.Site is null ? "all sites" : "the site")}.",
                    $"{page.Home}/users")
                : new ConfirmAnswer($"{person.Name} is {words.Done} on {(page.Site is null ? "all sites" : "this site")}.", Path(page),
                    ("Undo", $"{Path(page)}/{(words.Change is MembershipChange.Suspend ? "restore" : "suspend")}"))),
            LeadsTo = _ => Path(page),
        };
    }

    static string[] Lines(bool when, string line) => when ? [line] : [];
}
