using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The profile of one managed account (SPEC M2).</summary>
[Requires(Permission.ViewManagedAccounts)]
public sealed class MemberModel(IMediator mediator) : MemberPage(mediator)
{
    public ProfileView Profile => View.Profile;
    public Credentials Credentials { get; private set; } = null!;

    protected override IRequest<Outcome<ManagedAccountProfile>> Read =>
        new ReadManagedAccount(Organization, Account, Visitor!.Account) { Asker = Visitor.AdminOf, Whole = true };

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var credentials = await Ask(new ReadCredentials(Account, Organization, Visitor!.Account, Visitor.AdminOf));
        if (!credentials.Granted) return NotFound(); // unclaimed between the two looks
        Credentials = credentials.Value;
        return Page();
    }
}
