namespace DirectoryPlatform.Web.Pages.Bulk;

/// <summary>The dry run of whatever is to be done to many, and its confirmation (SPEC A10, U3, U4, U5, C8): to managed accounts under
/// <c>bulk</c>, to users of all sites or of one under <c>users/changes</c>.</summary>
[OpensInDialog]
public sealed class ReviewModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid DraftId { get; set; }
    [BindProperty] public Form Input { get; set; } = new();

    public BulkReview View { get; private set; } = null!;

    /// <summary>The dry run as a file.</summary>
    public string FilePath => IsOfUsers ? $"{Users}/changes/{DraftId}/review.csv" : $"{Home}/bulk/{DraftId}/accounts.csv";

    /// <summary>The list that it began on, or the job that it undoes.</summary>
    public string Back => View.Undoes is { } job ? PathOfJob(job) : IsOfUsers ? Users : $"{Home}/members";

    string Family => IsOfUsers ? UserActions.Family : ManyAccounts.Family;

    public string BackText => View.Undoes is not null ? "The job" : IsOfUsers ? "Users" : "Managed accounts";

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
        { Site = Site, Family = Family });
        if (outcome.Granted) return LocalRedirect(PathOfJob(outcome.Value));
        if (await Load() is { } elsewhere) return elsewhere;
        // All that is missing at once, each beside its field.
        if (outcome.Refusal is NotAcknowledged && View.ToType is not null && string.IsNullOrWhiteSpace(Input.Typed))
            ModelState.AddModelError("Input.Typed", new TypedWrong().Sentence);
        return ShowError(outcome.Refusal, outcome.Refusal switch
        {
            TypedWrong => nameof(Form.Typed),
            NotAcknowledged => nameof(Form.Acknowledged),
            _ => null,
        });
    }

    /// <summary>Null when the draft is there; one that was carried out leads to its job.</summary>
    async Task<IActionResult?> Load()
    {
        var outcome = await Send(new ReviewBulk(Organization, new(DraftId), Visitor!.Account) { Site = Site, Family = Family });
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
