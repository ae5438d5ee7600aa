namespace DirectoryPlatform.Web.Pages.Directory.Claims;

/// <summary>Step 2: the numbers, from the same decisions that the job will take (SPEC C1, C8).</summary>
[Requires(Permission.ClaimAccounts)]
public sealed class ReviewModel(IMediator mediator) : ClaimStep(mediator)
{
    public async Task<IActionResult> OnGet() => await Load() ?? Page();
}
