using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.Bulk;

/// <summary>The dry run of a bulk action, and its confirmation (SPEC A10, C8).</summary>
[Requires(Permission.ManageAccounts, Fresh = true)]
public sealed class ReviewModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid DraftId { get; set; }
    [BindProperty] public Form Input { get; set; } = new();

    public BulkReview View { get; private set; } = null!;
    public string Path => $"{Home}/bulk/{DraftId}";

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    /// <summary>Sent before the draft is read: a second click finds the draft carried out already,
    /// and is answered with the same job.</summary>
    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new ConfirmBulk(Organization, new(DraftId), Input.Reason, Input.Message, Input.Notify,
            Input.Acknowledged, Input.TypedNumber, Origin));
        if (outcome.Granted) return LocalRedirect($"{Home}/jobs/{outcome.Value}");
        return await Load() ?? ShowError(outcome.Refusal, outcome.Refusal is TypedNumberWrong ? nameof(Form.TypedNumber) : null);
    }

    /// <summary>Null when the draft is there; one that was carried out leads to its job.</summary>
    async Task<IActionResult?> Load()
    {
        var outcome = await Send(new ReviewBulk(Organization, new(DraftId), Visitor!.Account));
        if (outcome.Refusal is DraftVoid) return LocalRedirect($"{Home}/jobs/{DraftId}");
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        View = outcome.Value;
        return null;
    }

    public sealed class Form
    {
        public string? Reason { get; set; }
        public string? Message { get; set; }
        public bool Notify { get; set; } = true;
        public bool Acknowledged { get; set; }
        public string? TypedNumber { get; set; }
    }
}
