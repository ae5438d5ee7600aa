namespace DirectoryPlatform.Sites;

/// <param name="Apps">That run on it, by name.</param>
public sealed record SiteView(SiteId Id, OrganizationId Organization, string Name, string Url, IReadOnlyList<AppView> Apps)
{
    /// <summary>"engineering.acme.example"; the whole URL when it is none.</summary>
    public string Host => Uri.TryCreate(Url, UriKind.Absolute, out var url) ? url.Authority : Url;
}

/// <param name="Id">Short name for machines, such as "jira".</param>
public sealed record AppView(string Id, string Name);

/// <summary>The organization's sites by name.</summary>
public sealed record ReadSites(OrganizationId Organization) : IRequest<IReadOnlyList<SiteView>>;

public sealed record ReadSite(SiteId Site) : IRequest<Outcome<SiteView>>;

/// <summary>What can run on a site here (SPEC Words): the installation's list, by name.</summary>
public sealed record ReadApps : IRequest<IReadOnlyList<AppView>>;

/// <summary>Adds apps to the installation's list, or gives them other names; takes none away.</summary>
/// <exception cref="ArgumentException">An id is not a short name in lower case.</exception>
public sealed record OfferApps(IReadOnlyCollection<AppView> Apps) : IRequest<bool>;

/// <summary>A new site, without apps and people. Refused with <see cref="InvalidValue"/> of field "name" or "url", or
/// <see cref="UrlTaken"/>.</summary>
/// <param name="Url">http or https, without a path.</param>
public sealed record CreateSite(OrganizationId Organization, string? Name, string? Url, Origin Origin) : IRequest<Outcome<SiteId>>
{
    /// <summary>Everything that is wrong with what was typed, in the order of the fields: a form shows all of it at once.</summary>
    public static IReadOnlyList<Refusal> Faults(string? name, string? url) =>
        [.. new[] { PlainText.ReadName(name, "name").Refusal, ReadUrl(url).Refusal }.OfType<Refusal>()];

    /// <summary>Scheme and host, in one form, so that no two sites have the same address.</summary>
    internal static Outcome<string> ReadUrl(string? typed) =>
        Uri.TryCreate(typed?.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url is { UserInfo: "", PathAndQuery: "/", Fragment: "" } && url.IdnHost.Length is > 0 and <= 253
            ? $"{url.Scheme}://{url.IdnHost.ToLowerInvariant()}{(url.IsDefaultPort ? "" : $":{url.Port}")}"
            : new InvalidValue("url", "Enter a URL such as https://team.acme.example, without a path.");
}

/// <summary>Its address stays: apps and links depend on it.</summary>
public sealed record RenameSite(SiteId Site, string? Name, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Takes the site away with the memberships, roles and invitations that belong to it; accounts and groups stay.</summary>
public sealed record RemoveSite(SiteId Site, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>What removing the site, or one of its apps, would take along.</summary>
/// <param name="App">Null for the whole site.</param>
public sealed record WeighSite(SiteId Site, string? App) : IRequest<Outcome<SiteWeight>>;

/// <param name="Grants">Roles that people hold themselves.</param>
/// <param name="GroupGrants">Groups that open an app.</param>
public sealed record SiteWeight(long Users, long Invitations, long Grants, long GroupGrants, long Admins);

public sealed record PutAppOnSite(SiteId Site, string? App, Origin Origin) : IRequest<Outcome<AppView>>;

/// <summary>Ends every role in this app on this site; memberships stay.</summary>
public sealed record TakeAppOffSite(SiteId Site, string App, Origin Origin) : IRequest<Outcome<AppView>>;

/// <summary>Which roles of SPEC S7 somebody holds on one site; null for an unknown site.
/// The organization's own admins hold theirs beside these.</summary>
public sealed record ReadSiteRoles(SiteId Site, AccountId Account) : IRequest<SiteRoles?>;

/// <param name="AccessAdminOf">Apps on the site whose access the person looks after.</param>
public sealed record SiteRoles(OrganizationId Organization, bool SiteAdmin, IReadOnlyList<string> AccessAdminOf);

/// <summary>The sites on which somebody holds a role, by name: where a person who administers no organization begins.</summary>
public sealed record ReadSitesAdministered(AccountId Account) : IRequest<IReadOnlyList<SiteView>>;

/// <summary>
/// Makes whoever has this address an admin of the site, or of the access to one app on it (SPEC S7). Any active account will do; there is
/// one answer for every other address.
/// </summary>
/// <param name="App">Null for the whole site.</param>
public sealed record AppointSiteAdmin(SiteId Site, string? App, string? Email, Origin Origin) : IRequest<Outcome<AccountView>>;

public sealed record DismissSiteAdmin(SiteId Site, string? App, AccountId Account, Origin Origin) : IRequest<Outcome<Done>>;
