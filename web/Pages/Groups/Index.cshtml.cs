using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web.Pages.Groups;

/// <summary>The organization's groups (SPEC U6), by name.</summary>
[Requires(Permission.ManageGroups)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    const int Longest = 200;

    [FromQuery] public string? Q { get; set; }
    [FromQuery] public string? After { get; set; }

    public GroupPage List { get; private set; } = new([], null);
    public string Path => $"{Home}/groups";
    public string? NextPath => List.Next is null
        ? null
        : QueryHelpers.AddQueryString(Path, new Dictionary<string, string?> { ["q"] = Q, ["after"] = List.Next });

    public async Task OnGet() =>
        List = await Send(new ListGroups(Organization, Q?.Length <= Longest ? Q : null, After?.Length <= Longest ? After : null));
}
