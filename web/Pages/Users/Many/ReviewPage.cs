using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Users.Many;

/// <summary>The dry run of what is to be done to many users, and its confirmation (SPEC U3, U4, U5, C8).</summary>
public abstract class ReviewPage(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid DraftId { get; set; }
    [BindProperty] public Form Input { get; set; } = new(null);

    public UserReview View { get; private set; } = null!;
    public string Path => $"{Users}/changes/{DraftId}";

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    /// <summary>Sent before the draft is read: a second click finds the draft carried out already,
    /// and is answered with the same job.</summary>
    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new ConfirmUserDraft(Organization, Site, new(DraftId), Input.TypedNumber, Origin));
        if (outcome.Granted) return LocalRedirect(PathOfJob(outcome.Value));
        return await Load() ?? ShowError(outcome.Refusal, outcome.Refusal is TypedNumberWrong ? nameof(Form.TypedNumber) : null);
    }

    /// <summary>Null when the draft is there; one that was carried out leads to its job.</summary>
    async Task<IActionResult?> Load()
    {
        var outcome = await Send(new ReviewUserDraft(Organization, Site, new(DraftId), Visitor!.Account));
        if (outcome.Refusal is DraftVoid) return LocalRedirect(PathOfJob(new JobId(DraftId)));
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        View = outcome.Value;
        return null;
    }

    public sealed record Form(string? TypedNumber);
}

[Requires(Permission.ManageUsers)]
public sealed class ReviewModel(IMediator mediator) : ReviewPage(mediator);

[Requires(Permission.ManageSiteUsers)]
public sealed class SiteReviewModel(IMediator mediator) : ReviewPage(mediator);
