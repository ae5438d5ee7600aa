using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Groups;

/// <summary>A page about one group, which is read first, so that another organization's answers as an unknown one.</summary>
public abstract class GroupPlace(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid GroupId { get; set; }

    public GroupView View { get; private set; } = null!;
    public string Path => $"{Home}/groups/{GroupId}";

    /// <summary>Null when the group is there.</summary>
    protected async Task<IActionResult?> Load()
    {
        var group = await Ask(new ReadGroup(Organization, new(GroupId)));
        if (!group.Granted) return NotFound();
        View = group.Value;
        return null;
    }
}
