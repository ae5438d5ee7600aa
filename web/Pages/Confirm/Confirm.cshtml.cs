namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>
/// The one page that asks before something is done. Each <see cref="ConfirmedAction"/> is served here at its own address, with its own
/// permission; which one is meant is said by the endpoint.
/// </summary>
[OpensInDialog]
public sealed class ConfirmModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    [BindProperty] public ConfirmForm Input { get; set; } = new();

    public Question Question { get; private set; } = null!;

    /// <summary>What is shown in place of the question; null before it is done.</summary>
    public (string Name, object Model)? Once { get; private set; }

    /// <summary>A paragraph that a refusal is explained with.</summary>
    public IReadOnlyList<Piece> Hint { get; set; } = [];

    ConfirmedAction Action => HttpContext.GetEndpoint()!.Metadata.GetRequiredMetadata<ConfirmedAction>();
    public string Back => Action.Back(this);

    public async Task<IActionResult> OnGet()
    {
        if (Action.WithoutQuestion) return StatusCode(StatusCodes.Status405MethodNotAllowed);
        if (await Load() is { } elsewhere) return elsewhere;
        Input.SeenVersion = Question.Seen ?? 0;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (Question.Acknowledged is var (_, missing) && !Input.Acknowledged)
            return ShowError(new InvalidValue(nameof(Input.Acknowledged), missing));
        var outcome = await Question.Execute(Input);
        if (outcome.Refusal is { } refusal)
        {
            if (Question.LeadsTo(refusal) is { } path) return RedirectWithError(refusal, path);
            // The next try is one that has seen what stands there.
            if (refusal is ChangedMeanwhile) Input.SeenVersion = Question.Seen ?? 0;
            return ShowAll(refusal, Question.Faults(Input),
                one => one is TypedWrong or DirectoryNameWrong ? nameof(Input.TypedName) : Question.Beside(one));
        }
        Once = outcome.Value.Once;
        if (Once is not null) return Page();
        var (sentence, onward, next) = outcome.Value;
        return sentence is null ? LocalRedirect(onward) : RedirectWithNotice(sentence, onward, next);
    }

    async Task<IActionResult?> Load()
    {
        var question = await Action.Ask(this);
        if (question.Refusal is { } refusal) return RedirectWithError(refusal, Back, WayOut(refusal));
        Question = question.Value;
        return null;
    }

    /// <summary>Where what stands in the way can be changed.</summary>
    (string, string)? WayOut(Refusal refusal) => refusal switch
    {
        LastOrganizationAdmin { Elsewhere: false } when Back != $"{Home}/admins" => ("Admins", $"{Home}/admins"),
        ProviderInUse => ("Authentication policies", $"{Home}/policies"),
        _ => null,
    };

    /// <summary>What the address names.</summary>
    public Guid Id(string key) => Guid.Parse(Named(key));
    public string Named(string key) => (string)RouteData.Values[key]!;

    public AccountId Account => new(Id("accountId"));

    /// <summary>Of a page under <c>/s</c>; null under an organization's address.</summary>
    public SiteId? Site => Roles is null ? null : new SiteId(Id(RouteKeys.Site));
    SiteRoles? Roles => HttpContext.Features.Get<SiteRoles>();
    public OrganizationId Organization => Roles?.Organization ?? new(Id(RouteKeys.Organization));
    public string Home => Site is { } site ? $"/s/{site}" : $"/o/{Id(RouteKeys.Organization)}";

    /// <summary>Does it, and says in words what was done.</summary>
    internal async Task<Outcome<ConfirmAnswer>> Execute<T>(IRequest<Outcome<T>> command, Func<T, ConfirmAnswer> done) where T : notnull =>
        (await Execute(command)).Map(done);

    /// <summary>The session is over: the browser forgets it, too.</summary>
    internal void ForgetSession() => SessionCookie.Take(Response, settings);
}
