namespace DirectoryPlatform.Web.Pages.Directory.Profile;

/// <summary>Choosing and removing a profile picture (SPEC M5).</summary>
public sealed class PictureModel(IMediator mediator) : ProfilePage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        await using var content = Input.File?.OpenReadStream();
        return RedirectOrShow(await Execute(new UploadPicture(Account, By, content, Origin)),
            "Picture updated.", ProfilePath, nameof(Form.File));
    }

    public async Task<IActionResult> OnPostRemove() =>
        await Load() ?? RedirectWithAnswer(
        await Execute(new ChangePicture(Account, By, null, Origin)), "Picture removed.", ProfilePath);

    async Task<IActionResult?> Load()
    {
        if (!await Read()) return NotFound();
        return Profile.PictureRefusal is { } refusal ? RedirectWithError(refusal, ProfilePath) : null;
    }

    public sealed record Form(IFormFile? File);
}
