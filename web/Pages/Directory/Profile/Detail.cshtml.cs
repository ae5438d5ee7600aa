using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Pages.Directory.Profile;

/// <summary>
/// One detail, being edited (SPEC M3): a small page by itself, and the row of the profile that htmx puts in place of the value. An admin's
/// and a person's own differ in whose account it is.
/// </summary>
public sealed class DetailModel(IMediator mediator) : ProfilePage(mediator)
{
    [FromRoute] public string Detail { get; set; } = "";
    [BindProperty] public string? Seen { get; set; }
    [BindProperty] public string? Value { get; set; }

    /// <summary>Asks for the row without the form: the editor left.</summary>
    [BindProperty(SupportsGet = true)] public bool Left { get; set; }

    /// <summary>Whether it stands in the profile, in the place of the value.</summary>
    public bool InPlace => WantsPart;

    public string EditPath => $"{ProfilePath}/details/{Detail}";
    public DetailLabel Word { get; private set; } = null!;
    public string? Fault { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (WantsPart && Left) return Row(null);
        Seen = Value = Profile[Word.Detail].Value;
        return Form();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Execute(new ChangeDetail(Account, By, Word.Detail, Seen, Value, Origin));
        switch (outcome.Refusal)
        {
            case null or DetailUnchanged:
                if (!WantsPart) return outcome.Granted
                    ? RedirectWithNotice($"{Word.Label}: saved.", ProfilePath)
                    : LocalRedirect(ProfilePath);
                // The name stands in many places of the page.
                if (Word.Detail is AccountDetail.Name && outcome.Granted) return Elsewhere();
                await Load();
                return Row(outcome.Granted ? await History() : null, outcome.Granted);
            case DetailStale stale:
                // The next save is one that has seen what stands there.
                Seen = stale.Present;
                return Form(stale);
            case InvalidValue invalid:
                return Form(invalid);
            case var refusal:
                return WantsPart ? Elsewhere() : RedirectWithError(refusal, ProfilePath);
        }
    }

    async Task<IActionResult?> Load()
    {
        if (!await Read() || DetailLabel.Find(Detail) is not { } word) return NotFound();
        Word = word;
        return Left || Profile[word.Detail].Refusal is not { } refusal ? null
            : WantsPart ? Elsewhere()
            : RedirectWithError(refusal, ProfilePath);
    }

    /// <summary>The history after a change, which an admin's page shows.</summary>
    async Task<HistoryView?> History() => By is { } organization
        ? new((await Send(new ReadHistory(new(organization), Account, Size: PersonModel.Recent))).Value.Rows, $"/o/{organization}",
            Account.Value, OutOfBand: true)
        : null;

    IActionResult Form(Refusal? refusal = null)
    {
        Fault = refusal?.Sentence;
        ModelState.Clear(); // what is shown is decided here
        if (refusal is not null) ModelState.AddModelError(nameof(Value), refusal.Sentence);
        if (WantsPart) return Partial("_DetailForm", this);
        if (refusal is not null) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    PartialViewResult Row(HistoryView? history, bool saved = false) =>
        Partial("_DetailRow", new DetailRow(Profile[Word.Detail], ProfilePath, InPlace: true, saved, history));

    /// <summary>Loads the whole profile anew.</summary>
    ContentResult Elsewhere()
    {
        Response.Headers["HX-Redirect"] = ProfilePath;
        return Content("");
    }
}
