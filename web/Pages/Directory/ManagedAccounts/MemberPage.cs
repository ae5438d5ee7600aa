using DirectoryPlatform.Accounts;
using DirectoryPlatform.Directory;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>A page about one managed account. Whatever it is asked to do, it first reads the account as this organization sees it, so that foreign ids answer as unknown ones.</summary>
public abstract class MemberPage(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    public AccountId Account => new(AccountId);
    public ManagedAccountProfile View { get; private set; } = null!;
    public string Path => $"{Home}/members/{AccountId}";

    /// <summary>Why an action is refused on this account, before anything is asked; null when it is offered.</summary>
    public Refusal? RefusalOf(AccountAction action) => View.Actions.FirstOrDefault(a => a.Action == action)?.Refusal;

    /// <summary>Null when the account is there.</summary>
    protected async Task<IActionResult?> Load()
    {
        var outcome = await Ask(new ReadManagedAccount(Organization, Account, Visitor!.Account));
        if (!outcome.Granted) return NotFound();
        View = outcome.Value;
        return null;
    }

    /// <summary>Null when the account is there and the action is offered; otherwise the way back, with the sentence that says why.</summary>
    protected async Task<IActionResult?> Load(AccountAction action) =>
        await Load() ?? (RefusalOf(action) is { } refusal ? Refused(refusal, Path, refusal is LastOrganizationAdmin { Elsewhere: false } ? ("Administrators", $"{Home}/admins") : null) : null);
}
