namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>Suspends, restores or removes one person, on one site or on all of the organization (SPEC U4, U5).</summary>
static class MembershipConfirmations
{
    const string Change = "/users/{accountId:guid}/{change:regex(^(suspend|restore|remove)$)}";

    public static IReadOnlyList<ConfirmedAction> All { get; } =
    [
        ConfirmedAction.On("o/{orgId:guid}" + Change, new(Permission.ManageUsers), Path, Find, Ask),
        ConfirmedAction.On("s/{siteId:guid}" + Change, new(Permission.ManageSiteUsers), Path, Find, Ask),
        // Into a group and out of it, from the person's profile; a site's own admins where the organization allows it (SPEC U13).
        ConfirmedAction.On("o/{orgId:guid}" + Groups + Add, new(Permission.ManageGroups), Access, Giveable, AskAdd),
        ConfirmedAction.On("s/{siteId:guid}" + Groups + Add, new(Permission.ManageSiteUsers), Access, Giveable, AskAdd),
        ConfirmedAction.On("o/{orgId:guid}" + Groups + Leave, new(Permission.ManageGroups), Access, Member, AskLeave) with
        {
            WithoutQuestion = true,
        },
        ConfirmedAction.On("s/{siteId:guid}" + Groups + Leave, new(Permission.ManageSiteUsers), Access, Member, AskLeave) with
        {
            WithoutQuestion = true,
        },
    ];

    const string Groups = "/users/{accountId:guid}/groups/", Add = "add", Leave = "{groupId:guid}/remove";

    /// <summary>A click on a group gives it; the name can be typed, too, since not all of very many are offered.</summary>
    static Question AskAdd(ConfirmModel page, (string Name, IReadOnlyList<string> Groups) found) =>
        new($"Add {found.Name} to a group", found.Name, "Add to group", "plus", "Adding…")
        {
            Danger = Danger.None,
            Fields = [new(nameof(ConfirmForm.Name), "Group") { Autocomplete = "off" }],
            Choices = found.Groups,
            Execute = async form =>
            {
                var added = await page.Send(new FindGroup(page.Organization, form.Name ?? "")) is { } group
                    ? await page.Execute(new AddToGroup(page.Organization, group, page.Account, page.Origin) { Site = page.Site })
                    : new NotFound("group");
                return added.Refusal is NotFound
                    ? new InvalidValue(nameof(ConfirmForm.Name),
                        page.Site is null ? "No group has this name." : "No group that you can give has this name.")
                    : added.Map(_ => new ConfirmAnswer($"{found.Name} was added to “{form.Name?.Trim()}”.", Access(page)));
            },
            Beside = _ => nameof(ConfirmForm.Name),
        };

    static Question AskLeave(ConfirmModel page, string name) => new("", name, "", "", "")
    {
        Execute = _ => page.Execute(
            new RemoveFromGroup(page.Organization, new(page.Id("groupId")), page.Account, page.Origin) { Site = page.Site },
            _ => new($"{name} was removed from the group.", Access(page))),
        LeadsTo = _ => Access(page),
    };

    /// <summary>Of the profile as it was come from.</summary>
    static string Access(ConfirmModel page) => page.Site is null && page.Request.Query["from"] == "members"
        ? $"{page.Home}/members/{page.Account}?tab=access"
        : Path(page);

    /// <returns>The name. Groups also hold managed people who are on no site; a site's own admins do not see those.</returns>
    static async Task<Outcome<string>> Member(ConfirmModel page)
    {
        if (page.Site is { } site && await page.Send(new ReadSiteGroups(page.Organization, site, page.Account)) is null)
            return new NotFound("group");
        var user = await page.Send(new ReadUser(new(page.Organization, page.Site), page.Account));
        if (user.Granted || page.Site is not null) return user.Map(u => u.Name);
        var managed = await page.Send(new ReadManagedAccount(page.Organization, page.Account, page.Visitor!.Account)
        {
            Asker = page.Visitor.AdminOf,
        });
        return managed.Map(m => m.Name);
    }

    /// <returns>The name, and the groups that can be given to the person here.</returns>
    static async Task<Outcome<(string Name, IReadOnlyList<string> Groups)>> Giveable(ConfirmModel page)
    {
        var name = await Member(page);
        if (!name.Granted) return name.Refusal;
        IReadOnlyList<string> groups = page.Site is { } site
            ? [.. (await page.Send(new ReadSiteGroups(page.Organization, site, page.Account)))?.Others.Select(g => g.Name) ?? []]
            : (await page.Send(new ReadAppAccess(new(page.Organization), page.Account))).OtherGroups;
        return (name.Value, groups);
    }

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
            Warning = $"{person.Name} will be {words.Done} {(removes ? "from" : "on")} "
                + $"{Numbers.Joined([.. person.Sites.Select(s => s.Name)])}.",
            Points =
            [
                .. MembershipWords.Of(words.Change, allSites: page.Site is null).Consequences,
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
