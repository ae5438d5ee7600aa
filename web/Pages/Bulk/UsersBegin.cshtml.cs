using DirectoryPlatform.Web.Pages.Directory.Users;

namespace DirectoryPlatform.Web.Pages.Bulk;

/// <summary>Where a Users list's bulk bar posts to: the checked rows, or all that match the list's filter (SPEC U4, U5, A10).</summary>
public sealed class UsersBeginModel(IMediator mediator) : UsersPage(mediator)
{
    /// <summary>A reload of the address leads back to the list.</summary>
    public IActionResult OnGet() => LocalRedirect(Users);

    /// <param name="which">"all", and nothing else besides, for all that match.</param>
    /// <param name="account">Ids of the checked rows; what is no id was not written by the list.</param>
    /// <param name="query">The list's filter, for all that match.</param>
    public async Task<IActionResult> OnPost([FromForm] string? change, [FromForm] List<string> which, [FromForm] List<string> account,
        [FromForm] UserQuery query)
    {
        var back = query.Here(Users);
        if (ChangeWords.Parse(change) is not { } words) return RedirectWithError(new NoSuchAction(), back);
        var all = which is ["all"];
        if (all && !query.IsApplied) return RedirectWithError(new FilterNotApplied(), back);
        var outcome = await Execute(new PrepareUserChange(Scope, words.Change, all ? null : account.AsAccounts(), all ? query.Filter : null,
            Origin));
        return outcome.Granted ? LocalRedirect($"{Users}/changes/{outcome.Value}") : RedirectWithError(outcome.Refusal, back);
    }
}
