namespace DirectoryPlatform.Web.Pages.Bulk;

/// <summary>The dry run of whatever is to be done to many, and its confirmation (SPEC A10, U3, U4, U5, C8).</summary>
public abstract class ReviewPage(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid DraftId { get; set; }
    [BindProperty] public Form Input { get; set; } = new();

    public BulkReview View { get; private set; } = null!;

    /// <summary>The list that it began on, and its name.</summary>
    protected abstract (string Path, string Text) List { get; }

    /// <summary>The dry run as a file.</summary>
    public abstract string FilePath { get; }

    public string Back => View.Undoes is { } job ? PathOfJob(job) : List.Path;
    public string BackText => View.Undoes is null ? List.Text : "The job";

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Input.Notify = View.Words.Notifies;
        return Page();
    }

    /// <summary>Sent before the draft is read: a second click finds the draft carried out already,
    /// and is answered with the same job.</summary>
    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new ConfirmBulk(Organization, new(DraftId), Input.Reason, Input.Message, Input.Notify,
            Input.Acknowledged,
            Input.Typed, Origin)
        { Site = Site });
        if (outcome.Granted) return LocalRedirect(PathOfJob(outcome.Value));
        return await Load() ?? ShowError(outcome.Refusal, outcome.Refusal is TypedWrong ? nameof(Form.Typed) : null);
    }

    /// <summary>Null when the draft is there; one that was carried out leads to its job.</summary>
    async Task<IActionResult?> Load()
    {
        var outcome = await Send(new ReviewBulk(Organization, new(DraftId), Visitor!.Account) { Site = Site });
        if (outcome.Refusal is DraftVoid) return LocalRedirect(PathOfJob(new JobId(DraftId)));
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        View = outcome.Value;
        return null;
    }

    public sealed class Form
    {
        public string? Reason { get; set; }
        public string? Message { get; set; }
        public bool Notify { get; set; }
        public bool Acknowledged { get; set; }
        public string? Typed { get; set; }
    }
}

/// <summary>Of managed accounts.</summary>
[Requires(Permission.ManageAccounts, Fresh = true)]
public sealed class ReviewModel(IMediator mediator) : ReviewPage(mediator)
{
    protected override (string Path, string Text) List => ($"{Home}/members", "Managed accounts");
    public override string FilePath => $"{Home}/bulk/{DraftId}/accounts.csv";
}

/// <summary>Of users of all sites.</summary>
[Requires(Permission.ManageUsers, FreshToSend = true)]
public sealed class UsersReviewModel(IMediator mediator) : ReviewPage(mediator)
{
    protected override (string Path, string Text) List => (Users, "Users");
    public override string FilePath => $"{Users}/changes/{DraftId}/review.csv";
}

/// <summary>Of users of one site.</summary>
[Requires(Permission.ManageSiteUsers, FreshToSend = true)]
public sealed class SiteReviewModel(IMediator mediator) : ReviewPage(mediator)
{
    protected override (string Path, string Text) List => (Users, "Users");
    public override string FilePath => $"{Users}/changes/{DraftId}/review.csv";
}
