namespace DirectoryPlatform.Web.Pages.Directory.Claims;

/// <summary>Step 3: what becomes of accounts that appear later (SPEC C1, C4).</summary>
[Requires(Permission.ClaimAccounts)]
public sealed class NewAccountsModel(IMediator mediator) : ClaimStep(mediator)
{
    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    /// <param name="automatic">What the page has preselected where nothing is said.</param>
    public async Task<IActionResult> OnPost(bool? automatic)
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (!ModelState.IsValid) return BadRequest();
        var outcome = await Execute(new ChooseNewAccounts(Organization, Draft, automatic ?? Claim.Automatic));
        return outcome.Granted ? LocalRedirect($"{Home}/claims/{Draft}/confirm") : ShowError(outcome.Refusal);
    }
}
