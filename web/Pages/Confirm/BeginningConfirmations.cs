namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>What begins with a short form, and ends nothing: something new of the organization, a claim, a proposal.</summary>
static class BeginningConfirmations
{
    const string Person = "o/{orgId:guid}/users/{accountId:guid}/";

    public static IReadOnlyList<ConfirmedAction> All { get; } =
    [
        // The first step of proving a domain (SPEC D1).
        New("domains/add", new(Permission.ManageDomains), "domains", page =>
            new("Add domain", "Domains", "Next", "arrow-right", "Adding…")
            {
                Fields =
                [
                    new(nameof(ConfirmForm.Name), "Domain",
                        "The part after the @, for example acme.com. Add each subdomain separately.")
                    {
                        Autocomplete = "off", IsCode = true,
                    },
                ],
                Beside = _ => nameof(ConfirmForm.Name),
                Execute = form => page.Execute(new AddDomain(page.Organization, form.Name, page.Origin),
                    domain => new(null, $"{page.Home}/domains/{domain}")),
            }),
        New("groups/new", new(Permission.ManageGroups), "groups", page =>
            new("Create group", "Groups", "Create group", "plus", "Creating…")
            {
                Fields =
                [
                    new(nameof(ConfirmForm.Name), "Name") { Longest = 100 },
                    new(nameof(ConfirmForm.Description), "Description") { Required = false, Longest = 300 },
                ],
                Beside = refusal => refusal is GroupNameTaken ? nameof(ConfirmForm.Name) : null,
                Execute = form => page.Execute(new CreateGroup(page.Organization, form.Name, form.Description, page.Origin),
                    group => new("Group created. Add people, and choose its app access.", $"{page.Home}/groups/{group}")),
            }),
        New("sites/new", new(Permission.ManageSites), "sites", page =>
            new("Add site", "Sites", "Add site", "plus", "Adding…")
            {
                Fields =
                [
                    new(nameof(ConfirmForm.Name), "Name") { Longest = 100 },
                    new(nameof(ConfirmForm.Url), "URL", "Such as https://team.acme.example, without a path. It cannot be changed later.")
                    {
                        Type = "url",
                    },
                ],
                Beside = refusal => refusal is UrlTaken ? nameof(ConfirmForm.Url) : null,
                Faults = form => CreateSite.Faults(form.Name, form.Url),
                Execute = form => page.Execute(new CreateSite(page.Organization, form.Name, form.Url, page.Origin),
                    site => new("Site added. Add apps to it, then invite people.", $"{page.Home}/sites/{site}")),
            }),
        // Only who administers an organization already may make one more: strangers do not fill an installation with organizations.
        New("organizations/new", new(Permission.ManageSites), "sites", page =>
            new("New organization", "Sites", "Create organization", "plus", "Creating…")
            {
                Advice =
                [
                    ["It has its own domains, sites, policies and admins, and shares nothing with the current one. "
                        + "You are its first admin."],
                ],
                Fields = [new(nameof(ConfirmForm.Name), "Name") { Longest = 100 }],
                Beside = _ => nameof(ConfirmForm.Name),
                Execute = form => Organization(page, form.Name),
            }),
        // Makes an existing account an admin (SPEC S7).
        New("admins/appoint", new(Permission.ManageAdmins) { Fresh = true }, "admins", page =>
            new("Add admin", "Admins", "Add admin", "user-plus", "Adding…")
            {
                Warning = "An admin can do everything that you can do here,",
                More = "from deleting accounts to removing you. This person gets an email and can start at once.",
                Fields =
                [
                    new(nameof(ConfirmForm.Email), "Email address", "Must belong to an active account. "
                        + "It does not have to be managed by your organization.")
                    {
                        Type = "email", Autocomplete = "off",
                    },
                ],
                Beside = _ => nameof(ConfirmForm.Email),
                Execute = form => page.Execute(new AppointAdmin(page.Organization, form.Email, page.Origin),
                    admin => new($"{admin.Name} is now an admin.", page.Back)),
            }),
        // Makes a directory for an identity provider (SPEC P2). Its token is shown by the answer to the form and by nothing else.
        New("identity-providers/new", new(Permission.ManageProvisioning) { Fresh = true }, "identity-providers", page =>
            new("Add identity provider", "Identity providers", "Add identity provider", "plus", "Adding…")
            {
                Advice =
                [
                    ["You get a base URL and a token to enter when you set up provisioning at the provider. Details that the provider "
                        + "manages can then only be changed there."],
                ],
                Fields =
                [
                    new(nameof(ConfirmForm.Name), "Name", "Such as Entra ID or Okta. Shown next to the details that it provides. "
                        + $"At most {CreateIdentityDirectory.MaxName} characters.") { Autocomplete = "off" },
                ],
                Beside = refusal => refusal is DirectoryNameTaken ? nameof(ConfirmForm.Name) : null,
                Execute = form => page.Execute(
                    new CreateIdentityDirectory(page.Organization, page.Visitor!.Account, form.Name, page.Origin),
                    made => new(null, page.Back) { Once = ("/Pages/Security/Provisioning/_Token.cshtml", (made, page.Back)) }),
            }),
        // Proposes details to somebody external (SPEC U7).
        ConfirmedAction.On(Person + "suggest", new(Permission.ManageUsers), page => $"{page.Home}/users/{page.Account}", External,
            (page, person) => new($"Suggest changes to {person.Name}", person.Name, "Suggest changes", "mail", "Sending…")
            {
                Danger = Danger.None,
                Advice =
                [
                    ["Your organization does not manage this account. The person gets an email and decides. Fields that you leave "
                        + "blank do not change."],
                ],
                Fields =
                [
                    new(nameof(ConfirmForm.Email), "Email address", "The person confirms a new address by a link that is sent to it.")
                    {
                        Required = false, Type = "email", Autocomplete = "off",
                    },
                    new(nameof(ConfirmForm.Name), "Name") { Required = false, Longest = 100 },
                    new(nameof(ConfirmForm.JobTitle), "Job title") { Required = false, Longest = 100 },
                    new(nameof(ConfirmForm.Department), "Department") { Required = false, Longest = 100 },
                    new(nameof(ConfirmForm.Location), "Location") { Required = false, Longest = 100 },
                ],
                Execute = form => page.Execute(
                    new SuggestDetails(page.Organization, page.Account, Details(form), page.Origin) { Email = form.Email },
                    _ => new($"{person.Name} gets an email. Nothing changes until they accept.", page.Back)),
            }),
        // Claims one person on a verified domain (SPEC C10); from the person's page and from the exclusion list.
        ConfirmedAction.On(Person + "claim", new(Permission.ClaimAccounts), page => $"{page.Home}/users",
            page => page.Send(new ReadClaimable(page.Organization, page.Account)), (page, person) =>
            new($"Claim {person.Name}", "Users", "Claim account", "user-plus", "Claiming…")
            {
                Danger = Danger.None,
                Obstacle = person.Refusal is { } why ? new(why.Sentence, [], [("arrow-left", "Users", page.Back)]) : null,
                Advice =
                [
                    [$"{person.Email} is on a domain of your organization. Claiming puts the account under your management. Access, "
                        + $"sessions and the password do not change. {person.Name} sees that your organization manages the account, and "
                        + "can no longer change their email address or delete the account."],
                ],
                Execute = _ => page.Execute(new ClaimPerson(page.Organization, page.Account, page.Origin),
                    _ => new($"{person.Name} is now managed by your organization.", $"{page.Home}/members/{page.Account}")),
            }),
    ];

    /// <summary>About nothing that is there yet.</summary>
    /// <param name="list">Where the new thing will stand, and "Cancel" leads.</param>
    static ConfirmedAction New(string route, RequiresAttribute requires, string list, Func<ConfirmModel, Question> ask) =>
        new("o/{orgId:guid}/" + route, requires, page => $"{page.Home}/{list}",
            page => Task.FromResult<Outcome<Question>>(ask(page) with { Danger = Danger.None }));

    static async Task<Outcome<ConfirmAnswer>> Organization(ConfirmModel page, string? name)
    {
        var created = await page.Execute(new CreateOrganization(new(Guid.CreateVersion7()), null, name, page.Origin));
        if (!created.Granted) return created.Refusal;
        return await page.Execute(new AppointOrganizationAdmin(page.Visitor!.Account, created.Value.Id, page.Origin),
            _ => new($"{created.Value.Name} was created, and you are its admin.", $"/o/{created.Value.Id}/sites"));
    }

    static async Task<Outcome<UserProfile>> External(ConfirmModel page)
    {
        var person = await page.Send(new ReadUser(new(page.Organization), page.Account));
        return person.Granted && person.Value.Managed ? new UpdateInstead() : person;
    }

    static Dictionary<AccountDetail, string?> Details(ConfirmForm form) => new()
    {
        [AccountDetail.Name] = form.Name,
        [AccountDetail.JobTitle] = form.JobTitle,
        [AccountDetail.Department] = form.Department,
        [AccountDetail.Location] = form.Location,
    };
}
