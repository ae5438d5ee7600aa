using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The profile of one managed account (SPEC M2).</summary>
[Requires(Permission.ViewManagedAccounts)]
public sealed class MemberModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    public AccountId Account => new(AccountId);
    public string Path => $"{Home}/members/{AccountId}";
    public ManagedAccountProfile View { get; private set; } = null!;

    Task<IActionResult?> Load() => Find(new ReadManagedAccount(Organization, Account, Visitor!.Account), found => View = found);

    public ProfileView Profile { get; private set; } = null!;
    /// <summary>The identity provider's directory that owns the account; null for none.</summary>
    public DirectoryOfPerson? Owner { get; private set; }
    public PolicyView? Policy { get; private set; }
    public AppAccess AppAccess { get; private set; } = null!;
    public SignInSecurity Security { get; private set; } = null!;
    public IReadOnlyList<DeviceView> Devices { get; private set; } = [];
    public ApiTokensView ApiTokens { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var profile = await Send(new ReadProfile(Account, Organization, Visitor!.Account) { Asker = Visitor.AdminOf });
        if (!profile.Granted) return NotFound(); // unclaimed between the two looks
        Profile = profile.Value;
        Owner = await Send(new WhichDirectory(Organization, Account));
        AppAccess = await Send(new ReadAppAccess(Organization, Account));
        Policy = await Send(new ReadPolicyOf(Organization, Account));
        var security = await Send(new ReadSignInSecurity(Account, Organization, Visitor!.Account));
        if (!security.Granted) return NotFound();
        Security = security.Value;
        var (devices, tokens) = (await Send(new ReadDevices(Account, Organization)), await Send(new ReadApiTokens(Account, Organization)));
        if (!devices.Granted || !tokens.Granted) return NotFound();
        (Devices, ApiTokens) = (devices.Value, tokens.Value);
        return Page();
    }
}
