namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>What organizations propose to change in the own profile: the person's yes or no (SPEC U7).</summary>
[Requires(Permission.OwnAccount)]
public sealed class SuggestionsModel(IMediator mediator) : WebPage(mediator)
{
    public IReadOnlyList<SuggestionView> Waiting { get; private set; } = [];

    public async Task OnGet() => Waiting = await Send(new ReadSuggestions(Visitor!.Account));

    public async Task<IActionResult> OnPost(Guid suggestion, string? answer)
    {
        if (!ModelState.IsValid) return BadRequest();
        return RedirectWithAnswer(await Execute(new AnswerSuggestion(Visitor!.Account, suggestion, answer == "accept", Origin)),
            answer == "accept" ? "Your details were updated." : "Suggestion declined. Nothing was changed.", "/account/suggestions");
    }
}
