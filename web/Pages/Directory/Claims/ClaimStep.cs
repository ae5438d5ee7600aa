namespace DirectoryPlatform.Web.Pages.Directory.Claims;

/// <summary>What steps 2 to 4 of the wizard share: they all read the draft.</summary>
public abstract class ClaimStep(IMediator mediator) : WebPage(mediator)
{
    [FromRoute] public Guid OrgId { get; set; }
    [FromRoute] public Guid DraftId { get; set; }

    public OrganizationId Organization => new(OrgId);
    public string Home => $"/o/{OrgId}";
    public BulkDraftId Draft => new(DraftId);
    public ClaimView Claim { get; private set; } = null!;

    /// <summary>What the job will do.</summary>
    public BulkReview View { get; private set; } = null!;

    /// <summary>Null when the draft is there. One that was carried out leads to its job, an old one back to the domains.</summary>
    protected async Task<IActionResult?> Load()
    {
        var claim = await Send(new ReadClaim(Organization, Draft));
        if (claim.Refusal is DraftVoid) return LocalRedirect($"{Home}/jobs/{DraftId}");
        if (!claim.Granted) return RedirectWithError(claim.Refusal, $"{Home}/domains");
        var outcome = await Send(new ReviewBulk(Organization, Draft, Visitor!.Account) { Family = ManyAccounts.ClaimFamily });
        if (!outcome.Granted) return RedirectWithError(outcome.Refusal, $"{Home}/domains");
        (Claim, View) = (claim.Value, outcome.Value);
        return null;
    }
}
