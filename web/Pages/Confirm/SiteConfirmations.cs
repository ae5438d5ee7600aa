namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>Takes away a site, one of its apps, a group, or the whole organization, and says first what goes with it; or stops a job of the
/// organization.</summary>
static class SiteConfirmations
{
    public static IReadOnlyList<ConfirmedAction> All { get; } =
    [
        ConfirmedAction.On("o/{orgId:guid}/sites/{siteId:guid}/remove", new(Permission.ManageSites) { Fresh = true }, OfSite, WholeSite,
            (page, found) => new($"Remove {found.Site.Name}", found.Site.Name, "Remove site", "trash-2", "Removing…")
            {
                Warning = found.Weight.Users == 0
                    ? "No one is a user of this site."
                    : $"{found.Weight.Users.Of("user loses", "users lose")} access to every app here, permanently.",
                Points =
                [
                    Takes(found.Weight, "role in an app", "roles in apps", "site or user access admin", "site and user access admins")
                        + "Accounts and groups are kept. This cannot be undone.",
                ],
                Execute = _ => page.Execute(new RemoveSite(found.Site.Id, page.Origin),
                    _ => new($"{found.Site.Name} is removed.", $"{page.Home}/sites")),
                LeadsTo = _ => $"{page.Home}/sites",
            }),
        ConfirmedAction.On("o/{orgId:guid}/sites/{siteId:guid}/apps/{app}/remove", new(Permission.ManageSites), OfSite, OneApp,
            (page, found) => new($"Remove {found.App.Name} from {found.Site.Name}", found.Site.Name, "Remove app", "x", "Removing…")
            {
                Warning = $"No one can use {found.App.Name} on this site anymore.",
                More = Takes(found.Weight with { Invitations = 0 }, "direct role", "direct roles", "user access admin",
                    "user access admins") + "The people stay users of the site.",
                Execute = _ => page.Execute(new TakeAppOffSite(found.Site.Id, found.App.Id, page.Origin),
                    _ => new($"{found.App.Name} was removed from the site.", page.Back)),
                LeadsTo = _ => page.Back,
            }),
        ConfirmedAction.On("o/{orgId:guid}/groups/{groupId:guid}/delete", new(Permission.ManageGroups),
            page => $"{page.Home}/groups/{page.Id("groupId")}", Group, (page, found) =>
            new($"Delete “{found.Group.Name}”", found.Group.Name, "Delete group", "trash-2", "Deleting…")
            {
                Warning = found.HasMembers
                    ? "Its members lose the app access that the group gives, starting now."
                    : "The group has no members.",
                More = (found.Group.Access.Count == 0 ? ""
                    : $"It gives access to {string.Join(", ", found.Group.Access.Select(a => $"{a.AppName} on {a.SiteName}"))}. ")
                    + "Direct roles are kept. This cannot be undone.",
                Points = found.Policy is null ? [] : [$"People who are in the policy “{found.Policy}” because of this group are in "
                    + "another policy from their next sign-in."],
                Execute = _ => page.Execute(new DeleteGroup(page.Organization, found.Group.Id, page.Origin),
                    _ => new($"The group “{found.Group.Name}” is deleted.", $"{page.Home}/groups")),
                LeadsTo = _ => $"{page.Home}/groups",
            }),
        ConfirmedAction.On("o/{orgId:guid}/jobs/{jobId:guid}/cancel", new(Permission.ViewJobs),
            page => $"{page.Home}/jobs/{page.Id("jobId")}", Job, (page, job) =>
            new("Cancel job", job.Title, "Cancel job", "x", "Cancelling…")
            {
                Warning = "Completed changes are kept.",
                More = $"{job.Done.Grouped()} of {job.Total.Grouped()} are done. The rest is not changed. You can resume the job later.",
                Execute = _ => page.Execute(new CancelJob(page.Organization.Value, job.Id, page.Origin),
                    _ => new("The job is cancelled.", page.Back)),
                LeadsTo = _ => page.Back,
            }),
        ConfirmedAction.On("o/{orgId:guid}/delete", new(Permission.ManageSites) { Fresh = true },
            page => $"{page.Home}/settings/organization",
            page => page.Send(new WeighOrganization(page.Organization)), (page, weight) =>
            new($"Delete {weight.Organization.Name}", "Organization", "Delete organization", "trash-2", "Deleting…")
            {
                Obstacle = weight.InTheWay.Count == 0 ? null : new("The organization cannot be deleted yet:", weight.InTheWay,
                [
                    ("globe", "Domains", $"{page.Home}/domains"), ("users", "Managed accounts", $"{page.Home}/members"),
                    ("building-2", "Sites", $"{page.Home}/sites"), ("list-checks", "Jobs", $"{page.Home}/jobs"),
                ]),
                Warning = weight.Admins == 1
                    ? "You will no longer administer it."
                    : $"{weight.Admins.Of("admin", "admins")}, including you, will no longer administer it.",
                Points =
                [
                    $"This also deletes {(weight.Groups == 0 ? "" : $"{weight.Groups.Of("group", "groups")}, ")}its authentication "
                        + "policies, identity provider, API keys and webhooks. "
                        + "Its audit log stays with the platform, but no one can open it anymore. This cannot be undone.",
                ],
                Word = weight.Organization.Name,
                Execute = form => page.Execute(new DeleteOrganization(page.Organization, form.TypedName, page.Origin),
                    _ => new($"{weight.Organization.Name} is deleted.", "/account")),
            }),
    ];

    /// <summary>What goes along, without what there is none of: a sentence and a space, or nothing.</summary>
    static string Takes(SiteWeight weight, string role, string roles, string admin, string admins) =>
        Numbers.Listed((weight.Grants, role, roles), (weight.GroupGrants, "group’s access", "groups’ access"),
            (weight.Invitations, "pending invitation", "pending invitations"), (weight.Admins, admin, admins)) is { Length: > 0 } all
            ? $"This also removes {all}. "
            : "";

    static string OfSite(ConfirmModel page) => $"{page.Home}/sites/{page.Id("siteId")}";

    /// <summary>Another organization's answers as an unknown one.</summary>
    static async Task<Outcome<SiteView>> Site(ConfirmModel page)
    {
        var site = await page.Send(new ReadSite(new(page.Id("siteId"))));
        return site.Granted && site.Value.Organization != page.Organization ? new NotFound("site") : site;
    }

    static async Task<Outcome<(SiteView Site, SiteWeight Weight)>> WholeSite(ConfirmModel page)
    {
        var site = await Site(page);
        if (!site.Granted) return site.Refusal;
        return (await page.Send(new WeighSite(site.Value.Id, null))).Map(weight => (site.Value, weight));
    }

    static async Task<Outcome<(SiteView Site, AppView App, SiteWeight Weight)>> OneApp(ConfirmModel page)
    {
        var site = await Site(page);
        if (!site.Granted) return site.Refusal;
        if (site.Value.Apps.FirstOrDefault(a => a.Id == page.Named("app")) is not { } app) return new NotFound("app");
        return (await page.Send(new WeighSite(site.Value.Id, app.Id))).Map(weight => (site.Value, app, weight));
    }

    static async Task<Outcome<JobView>> Job(ConfirmModel page)
    {
        var job = await page.Send(new ReadJob(page.Organization.Value, new(page.Id("jobId"))));
        return job.Granted && job.Value.Ended ? new JobHasEnded() : job;
    }

    /// <summary>Also the policy in which a rule puts its members; null for none.</summary>
    static async Task<Outcome<(GroupView Group, bool HasMembers, string? Policy)>> Group(ConfirmModel page)
    {
        var group = await page.Send(new ReadGroup(page.Organization, new(page.Id("groupId"))));
        if (!group.Granted) return group.Refusal;
        if (group.Value.Provider is { } provider) return new GroupOwnedByProvider(provider);
        var members = await page.Send(new ListUsers(new(page.Organization), new(Group: group.Value.Id), Size: 1));
        var assignment = await page.Send(new ReadPolicyAssignment(page.Organization));
        var policy = assignment.Rules.FirstOrDefault(r => r.Group == group.Value.Id) is { } rule ? assignment[rule.Policy] : null;
        return (group.Value, members.Value.Rows.Count > 0, policy?.Settings.Name);
    }
}
