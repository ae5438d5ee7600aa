using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.Claims;

/// <summary>What steps 2 to 4 of the wizard share: they all read the draft.</summary>
public abstract class ClaimStep(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid DraftId { get; set; }

    public ClaimDraftId Draft => new(DraftId);
    public ClaimReview View { get; private set; } = null!;

    /// <summary>Null when the draft is there. A void one leads back to the domains with its sentence.</summary>
    protected async Task<IActionResult?> Load()
    {
        var outcome = await Send(new ReviewClaim(Organization, Draft));
        if (!outcome.Granted) return RedirectWithError(outcome.Refusal, $"{Home}/domains");
        View = outcome.Value;
        return null;
    }

    /// <summary>A refusal that the form on the page can mend is shown on it; one that voids the draft leads away.</summary>
    protected IActionResult RefuseStep(Refusal refusal) => refusal switch
    {
        TypedNameWrong => ShowError(refusal, "TypedName"),
        DraftVoid => RedirectWithError(refusal, $"{Home}/domains"),
        _ => ShowError(refusal),
    };
}
