using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>A page about one managed account.</summary>
public abstract class MemberPage(IMediator mediator) : ResourcePage<ManagedAccountProfile>(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    public AccountId Account => new(AccountId);
    public string Path => $"{Home}/members/{AccountId}";

    protected override IRequest<Outcome<ManagedAccountProfile>> Read => new ReadManagedAccount(Organization, Account, Visitor!.Account);

    /// <summary>Why an action is refused on this account, before anything is asked; null when it is offered.</summary>
    public Refusal? RefusalOf(AccountAction action) => View.Actions.FirstOrDefault(a => a.Action == action)?.Refusal;

    /// <summary>Null when the account is there and the action is offered;
    /// otherwise the way back, with the sentence that says why.</summary>
    protected async Task<IActionResult?> Load(AccountAction action) =>
        await Load()
            ?? (RefusalOf(action) is { } refusal
                ? Refused(refusal, Path, refusal is LastOrganizationAdmin { Elsewhere: false }
                    ? ("Administrators", $"{Home}/admins")
                    : null)
                : null);

    /// <summary>The same for what an admin may take back of how the account proves itself.</summary>
    /// <param name="refusalOf">Why this one is refused; null when it is offered.</param>
    protected async Task<IActionResult?> Load(Func<SignInSecurity, Refusal?> refusalOf)
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var security = await Ask(new ReadSignInSecurity(Account, Organization, Visitor!.Account));
        return (security.Granted ? refusalOf(security.Value) : security.Refusal) is { } refusal ? Refused(refusal, Path) : null;
    }
}
