using Microsoft.AspNetCore.WebUtilities;

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
        var email = answer != "accept" ? null
            : (await Send(new ReadSuggestions(Visitor!.Account))).FirstOrDefault(s => s.Id == suggestion)?.Email;
        var answered = await Execute(new AnswerSuggestion(Visitor!.Account, suggestion, answer == "accept", Origin));
        return RedirectWithAnswer(answered,
            email is not null ? "Accepted. Confirm the new email address to finish."
            : answer == "accept" ? "Your details were updated." : "Suggestion declined. Nothing was changed.",
            email is null || !answered.Granted ? "/account/suggestions" : QueryHelpers.AddQueryString("/account/email", "email", email));
    }
}
