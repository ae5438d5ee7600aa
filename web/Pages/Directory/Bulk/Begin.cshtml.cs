using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using DirectoryPlatform.Web.Words;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.Bulk;

/// <summary>Where the list's bulk bar posts to: the checked rows, or all that match the list's filter (SPEC A10).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class BeginModel(IMediator mediator) : OrganizationPage(mediator)
{
    /// <summary>A reload of the address leads back to the list.</summary>
    public IActionResult OnGet() => LocalRedirect($"{Home}/members");

    /// <param name="account">Ids of the checked rows; what is no id was not written by the list.</param>
    /// <param name="query">The list's filter, for all that match.</param>
    public async Task<IActionResult> OnPost([FromForm] string? action, [FromForm] string? which, [FromForm] List<string> account,
        [FromForm] ListQuery query)
    {
        var back = query.AtRow($"{Home}/members", query.At);
        var all = which == "all";
        if (action == Invite) return await Invitees(all, account, query, back);
        if (BulkLabels.Parse(action) is not var (wanted, target)) return RedirectWithError(new NoAction(), back);
        if (all && query.Fault is not null) return RedirectWithError(new NothingChosen(), back);
        var outcome = await Execute(new PrepareBulk(Organization, wanted, all ? null : Ids(account), all ? query.Filter : null,
            Origin)
        { Target = target });
        return outcome.Granted ? LocalRedirect($"{Home}/bulk/{outcome.Value}") : RedirectWithError(outcome.Refusal, back);
    }

    /// <summary>In the list's menu; what people are invited to is chosen on the next page.</summary>
    public const string Invite = "invite";

    async Task<IActionResult> Invitees(bool all, List<string> account, ListQuery query, string back)
    {
        if (all && query.Fault is not null) return RedirectWithError(new NobodyChosen(), back);
        var list = await Execute(new PrepareInvitees(Organization, all ? null : Ids(account), all ? query.Filter : null, Origin));
        return list.Granted ? LocalRedirect($"{Home}/users/invite?list={list.Value}") : RedirectWithError(list.Refusal, back);
    }

    static List<AccountId> Ids(List<string> account) =>
        [.. account.Select(id => Guid.TryParse(id, out var parsed) ? parsed : Guid.Empty).Where(id => id != Guid.Empty)
            .Select(id => new AccountId(id))];

    sealed record NoAction() : Kernel.Refusal("noAction", "Choose what to do with the accounts.");
}
