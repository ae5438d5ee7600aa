using DirectoryPlatform.Kernel.Lists;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Lists;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Provisioning;

/// <summary>One directory: what the provider needs, whom it provides, and what was refused (SPEC P2).</summary>
[Requires(Permission.ManageProvisioning)]
public sealed class DirectoryModel(IMediator mediator) : DirectoryPage(mediator)
{
    [FromQuery] public PageQuery Query { get; set; } = new();

    public ListPage<ProvisionedPerson> People { get; private set; } = ListPage<ProvisionedPerson>.Empty;
    public ListView PeopleView => ListView.Of("People", Path, Query, People) with { Live = false };

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        People = await Query.Read(at => Ask(new ListProvisionedPeople(Organization, Directory, at)));
        return Page();
    }
}
