using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Shared;

/// <summary>Choosing and removing a profile picture (SPEC M5).</summary>
public abstract class PicturePage(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public abstract AccountId Account { get; }
    public abstract string ProfilePath { get; }
    public ProfileView Profile { get; private set; } = null!;

    /// <summary>Null when the person changes the own picture.</summary>
    protected abstract OrganizationId? By { get; }

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        await using var content = Input.File?.OpenReadStream();
        var outcome = await Do(new UploadPicture(Account, By, content, Origin));
        return outcome.Granted ? Said("The picture is changed.", ProfilePath) : Refuse(outcome.Refusal, nameof(Form.File));
    }

    public async Task<IActionResult> OnPostRemove()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new ChangePicture(Account, By, null, Origin));
        return outcome.Granted ? Said("The picture is removed.", ProfilePath) : Refused(outcome.Refusal, ProfilePath);
    }

    async Task<IActionResult?> Load()
    {
        var profile = await Ask(new ReadProfile(Account, By, Visitor!.Account));
        if (!profile.Granted) return NotFound();
        Profile = profile.Value;
        return Profile.PictureRefusal is { } refusal ? Refused(refusal, ProfilePath) : null;
    }

    public sealed record Form(IFormFile? File);
}
