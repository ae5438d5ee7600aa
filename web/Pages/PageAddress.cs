using DirectoryPlatform.Web.Pages.Bulk;
using DirectoryPlatform.Web.Pages.Confirm;
using DirectoryPlatform.Web.Pages.Directory.Profile;
using DirectoryPlatform.Web.Pages.Directory.Users;
using DirectoryPlatform.Web.Pages.Find;
using DirectoryPlatform.Web.Pages.Settings.Exports;
using DirectoryPlatform.Web.Pages.Settings.Jobs;
using DirectoryPlatform.Web.Pages.SignIn;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace DirectoryPlatform.Web.Pages;

/// <summary>One of several addresses at which a page is served.
/// Each declares a permission of its own, which the page's class cannot.</summary>
/// <param name="Page">Its view, as the framework names it.</param>
/// <param name="Route">As in <c>@page</c>, without the first slash.</param>
/// <param name="Action">What a confirmation is about; null for other pages.</param>
public sealed record PageAddress(Type Model, string Page, string Route, RequiresAttribute Requires, ConfirmedAction? Action = null)
{
    const string Organization = "o/{orgId:guid}", Site = "s/{siteId:guid}";

    /// <summary>About users, of all sites or of one, and not about managed accounts.</summary>
    public bool IsOfUsers => Route.Contains("/users/", StringComparison.Ordinal);

    public static IReadOnlyList<PageAddress> All { get; } =
    [
        .. ConfirmedAction.All.Select(a => new PageAddress(typeof(ConfirmModel), "/Confirm/Confirm", a.Route, a.Requires, a)),
        .. OfProfile<DetailModel>("/Directory/Profile/Detail", "details/{detail}"),
        .. OfProfile<PictureModel>("/Directory/Profile/Picture", "picture"),
        .. OfAnybody<SentModel>("/SignIn/Sent", "forgot-password/sent", "sign-up/sent"),
        .. OfUsers<Pages.Directory.Users.IndexModel>("/Directory/Users/Index", "",
            new(Permission.ManageUsers), new(Permission.ViewSiteUsers)),
        .. OfUsers<PersonModel>("/Directory/Profile/Person", "/{accountId:guid}", new(Permission.ManageUsers),
            new(Permission.ViewSiteUsers)),
        .. OfUsers<AccessModel>("/Directory/Users/Access", "/{accountId:guid}/access", new(Permission.ManageUsers),
            new(Permission.ManageAppAccess)),
        new(typeof(PersonModel), "/Directory/Profile/Person", $"{Organization}/members/{{accountId:guid}}",
            new(Permission.ViewManagedAccounts)),
        .. OfUsers<UsersBeginModel>("/Bulk/UsersBegin", "/change", new(Permission.ManageUsers), new(Permission.ManageSiteUsers)),
        .. OfUsers<ByListModel>("/Bulk/ByList", "/change-list", new(Permission.ManageUsers), new(Permission.ManageSiteUsers)),
        new(typeof(ByListModel), "/Bulk/ByList", $"{Organization}/members/bulk-list", new(Permission.ManageAccounts)),
        .. OfUsers<ReviewModel>("/Bulk/Review", "/changes/{draftId:guid}", new(Permission.ManageUsers) { FreshToSend = true },
            new(Permission.ManageSiteUsers) { FreshToSend = true }),
        new(typeof(ReviewModel), "/Bulk/Review", $"{Organization}/bulk/{{draftId:guid}}", new(Permission.ManageAccounts) { Fresh = true }),
        new(typeof(JobModel), "/Settings/Jobs/Job", $"{Organization}/jobs/{{jobId:guid}}",
            new(Permission.ViewJobs) { FreshToSend = true }),
        new(typeof(JobModel), "/Settings/Jobs/Job", $"{Site}/users/jobs/{{jobId:guid}}",
            new(Permission.ManageSiteUsers) { FreshToSend = true }),
        new(typeof(FindModel), "/Find/Find", $"{Organization}/find", new(Permission.ManageUsers)),
        new(typeof(FindModel), "/Find/Find", $"{Site}/find", new(Permission.ViewSiteUsers)),
        OfExport($"{Organization}/members", Permission.ViewManagedAccounts),
        OfExport($"{Organization}/domains/{{domainId:guid}}", Permission.ManageDomains),
        OfExport($"{Organization}/users", Permission.ManageUsers),
        OfExport($"{Site}/users", Permission.ManageSiteUsers),
    ];

    /// <summary>One's own, and that of a managed account.</summary>
    static PageAddress[] OfProfile<TModel>(string page, string route) =>
    [
        new(typeof(TModel), page, $"account/{route}", new(Permission.OwnAccount)),
        new(typeof(TModel), page, $"{Organization}/members/{{accountId:guid}}/{route}", new(Permission.ManageAccounts)),
    ];

    /// <summary>About the people on all sites of an organization, and about those on one (SPEC U1).</summary>
    static PageAddress[] OfUsers<TModel>(string page, string route, RequiresAttribute ofOrganization, RequiresAttribute ofSite) =>
    [
        new(typeof(TModel), page, $"{Organization}/users{route}", ofOrganization),
        new(typeof(TModel), page, $"{Site}/users{route}", ofSite),
    ];

    static IEnumerable<PageAddress> OfAnybody<TModel>(string page, params IEnumerable<string> routes) =>
        routes.Select(route => new PageAddress(typeof(TModel), page, route, new(Permission.Anyone)));

    static PageAddress OfExport(string of, Permission permission) =>
        new(typeof(ExportModel), "/Settings/Exports/Export", $"{of}/export", new(permission) { Fresh = true });
}

/// <summary>Serves each page of the table at its addresses, and at no other.</summary>
sealed class PagesAtAddresses : IPageRouteModelConvention
{
    public void Apply(PageRouteModel model)
    {
        var addresses = PageAddress.All.Where(a => a.Page == model.ViewEnginePath).ToList();
        if (addresses.Count == 0) return;
        model.Selectors.Clear();
        foreach (var address in addresses)
        {
            var selector = new SelectorModel { AttributeRouteModel = new() { Template = address.Route } };
            selector.EndpointMetadata.Add(address);
            selector.EndpointMetadata.Add(address.Requires);
            if (address.Action is not null) selector.EndpointMetadata.Add(address.Action);
            model.Selectors.Add(selector);
        }
    }
}
