using DirectoryPlatform.Web.Pages.Confirm;
using DirectoryPlatform.Web.Pages.Profile;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace DirectoryPlatform.Web.Shared;

/// <summary>One of several addresses at which a page is served.
/// Each declares a permission of its own, which the page's class cannot.</summary>
/// <param name="Page">Its view, as the framework names it.</param>
/// <param name="Route">As in <c>@page</c>, without the first slash.</param>
/// <param name="Action">What a confirmation is about; null for other pages.</param>
public sealed record PageAddress(Type Model, string Page, string Route, RequiresAttribute Requires, ConfirmedAction? Action = null)
{
    public static IReadOnlyList<PageAddress> All { get; } =
    [
        .. ConfirmedAction.All.Select(a => new PageAddress(typeof(ConfirmModel), "/Confirm/Confirm", a.Route, a.Requires, a)),
        .. OfProfile(typeof(DetailModel), "/Profile/Detail", "details/{detail}"),
        .. OfProfile(typeof(PictureModel), "/Profile/Picture", "picture"),
    ];

    /// <summary>One's own, and that of a managed account.</summary>
    static PageAddress[] OfProfile(Type model, string page, string route) =>
    [
        new(model, page, $"account/{route}", new(Permission.OwnAccount)),
        new(model, page, $"o/{{orgId:guid}}/members/{{accountId:guid}}/{route}", new(Permission.ManageAccounts)),
    ];
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
            selector.EndpointMetadata.Add(address.Requires);
            if (address.Action is not null) selector.EndpointMetadata.Add(address.Action);
            model.Selectors.Add(selector);
        }
    }
}
