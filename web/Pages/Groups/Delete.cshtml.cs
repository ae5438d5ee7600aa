using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Groups;

/// <summary>Says who loses what, then deletes the group.</summary>
[Requires(Permission.ManageGroups)]
public sealed class DeleteModel(IMediator mediator) : GroupPlace(mediator)
{
    public bool HasMembers { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (View.Provider is { } provider) return Refused(new GroupOwnedByProvider(provider), Path);
        HasMembers = (await Ask(new ListUsers(new(Organization), new(Group: View.Id), Size: 1))).Value.Rows.Count > 0;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new DeleteGroup(Organization, View.Id, Origin));
        return outcome.Granted
            ? Said($"The group {View.Name} is deleted.", $"{Home}/groups")
            : Refused(outcome.Refusal, View.Provider is null ? $"{Home}/groups" : Path);
    }
}
