using DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

namespace DirectoryPlatform.Web.Pages.Bulk;

/// <summary>Where the list's bulk bar posts to: the checked rows, or all that match the list's filter (SPEC A10).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class BeginModel(IMediator mediator, BulkMenu menu) : OrganizationPage(mediator)
{
    /// <summary>A reload of the address leads back to the list.</summary>
    public IActionResult OnGet() => LocalRedirect($"{Home}/members");

    /// <param name="which">"all", and nothing else besides, for all that match.</param>
    /// <param name="account">Ids of the checked rows; what is no id was not written by the list.</param>
    /// <param name="query">The list's filter, for all that match.</param>
    public async Task<IActionResult> OnPost([FromForm] string? action, [FromForm] List<string> which, [FromForm] List<string> account,
        [FromForm] ManagedAccountQuery query)
    {
        var back = query.Here($"{Home}/members");
        var all = which is ["all"];
        if (all && !query.IsApplied) return RedirectWithError(new FilterNotApplied(), back);
        var (accounts, filter) = (all ? null : account.AsAccounts(), all ? query.Filter : null);
        if (action == UserActions.Invite)
        {
            var list = await Execute(new PrepareInvitees(Organization, accounts, filter, Origin));
            return list.Granted ? LocalRedirect($"{Home}/users/invite?list={list.Value}") : RedirectWithError(list.Refusal, back);
        }
        if (menu.Parse(action) is not var (wanted, target)) return RedirectWithError(new NoSuchAction(), back);
        var outcome = await Execute(new PrepareBulk(Organization, wanted, accounts, filter, Origin) { Target = target });
        return outcome.Granted ? LocalRedirect($"{Home}/bulk/{outcome.Value}") : RedirectWithError(outcome.Refusal, back);
    }
}
