using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Places;

/// <summary>Says what goes with the organization, or what has to go before it.</summary>
[Requires(Permission.ManageSites, Fresh = true)]
public sealed class DeleteOrganizationModel(IMediator mediator) : ResourcePage<OrganizationWeight>(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    protected override IRequest<Outcome<OrganizationWeight>> Read => new WeighOrganization(Organization);

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new DeleteOrganization(Organization, Input.TypedName, Origin));
        return outcome.Granted ? Said($"{View.Organization.Name} is deleted.", "/account") : Refuse(outcome.Refusal);
    }

    public sealed record Form(string? TypedName);
}
