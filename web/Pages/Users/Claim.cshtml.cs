using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>Claims one person on a verified domain (SPEC C10); from the person's page and from the exclusion list.</summary>
[Requires(Permission.ClaimAccounts)]
public sealed class ClaimModel(IMediator mediator) : ResourcePage<ClaimablePerson>(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    protected override IRequest<Outcome<ClaimablePerson>> Read => new ReadClaimable(Organization, new(AccountId));

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Execute(new ClaimPerson(Organization, new(AccountId), Origin));
        return outcome.Granted ? RedirectWithNotice($"{View.Name} is managed by your organization now.", $"{Home}/members/{AccountId}")
            : ShowError(outcome.Refusal);
    }
}
