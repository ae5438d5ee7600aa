using System.Reflection;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Shared;

/// <summary>What every page does alike: send one request, and turn its outcome into a page, a partial or a redirect.</summary>
public abstract class WebPage(IMediator mediator) : PageModel
{
    internal Visitor? Visitor => HttpContext.Visitor();
    internal Origin Origin => HttpContext.Origin();

    /// <summary>Whether htmx asks for a part of the page.</summary>
    public bool WantsPart => Request.Headers.ContainsKey("HX-Request") && !Request.Headers.ContainsKey("HX-History-Restore-Request");

    internal Task<T> Send<T>(IRequest<T> request) => mediator.Send(request, HttpContext.RequestAborted);

    /// <summary>A command is carried through even when the visitor's connection breaks:
    /// the answer is lost, nothing is half done.</summary>
    internal async Task<T> Execute<T>(IRequest<T> request)
    {
        var answer = await mediator.Send(request, CancellationToken.None);
        // The next page counts what was done here.
        if (Changed is { } organization)
            await mediator.Send(new CountAnew(organization, Policies: ConcernsPolicies(request)), CancellationToken.None);
        return answer;
    }

    /// <summary>Whose counts a command on this page may change; those of its site are among them.</summary>
    OrganizationId? Changed => HttpContext.Features.Get<SiteRoles>() is { } site ? site.Organization
        : Guid.TryParse(RouteData.Values[RouteKeys.Organization] as string, out var id) ? new OrganizationId(id)
        : null;

    /// <summary>Whether people may come under another policy at once. What other commands do to that is counted within half a minute.
    /// </summary>
    static bool ConcernsPolicies(object request) => request is CreatePolicy or ChangePolicy or DeletePolicy or MoveToPolicy
        or MoveToPolicyByEmail or AddPolicyRule or RemovePolicyRule;

    /// <summary>Reads what the page is about, as the visitor sees it, before anything else is done, so that foreign ids answer as unknown
    /// ones. Null when it is there.</summary>
    protected async Task<IActionResult?> Find<T>(IRequest<Outcome<T>> read, Action<T> found) where T : notnull
    {
        var outcome = await Send(read);
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        found(outcome.Value);
        return null;
    }

    /// <summary>The page again with the refusal's sentence, beside its field where there is one;
    /// what does not exist becomes the 404 page.</summary>
    protected IActionResult ShowError(Refusal refusal, string? field = null)
    {
        if (refusal is NotFound) return NotFound();
        ModelState.AddModelError(PlaceOf(refusal, field), refusal.Sentence);
        if (!Later.Say(Response, refusal)) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    /// <summary>The same, and beside the other fields what is wrong there, too: unless it is refused for another reason than what was
    /// typed.</summary>
    /// <param name="faults">All that is wrong with what was typed; the command is refused with the first.</param>
    /// <param name="field">The field beside which one is said, where the refusal does not name it.</param>
    protected IActionResult ShowAll(Refusal refusal, IReadOnlyList<Refusal> faults, Func<Refusal, string?>? field = null)
    {
        if (faults.Count > 0 && faults[0] == refusal)
            foreach (var fault in faults.Skip(1)) ShowError(fault, field?.Invoke(fault));
        return ShowError(refusal, field?.Invoke(refusal));
    }

    /// <summary>"Input.Name" for a field of the page's form that the refusal speaks of, or "" for above the form.</summary>
    string PlaceOf(Refusal refusal, string? field)
    {
        var wanted = field ?? refusal switch { InvalidValue invalid => invalid.Field, TextTooLong tooLong => tooLong.Field, _ => null };
        var input = wanted is null ? null : GetType()
            .GetProperty("Input")?.PropertyType.GetProperty(wanted, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance);
        return input is null ? "" : $"Input.{input.Name}";
    }

    /// <summary>A redirect whose next page says what was done.</summary>
    protected IActionResult RedirectWithNotice(string sentence, string path, (string Text, string Path)? next = null)
    {
        Notice.Leave(TempData, sentence, next);
        return LocalRedirect(path);
    }

    /// <summary>A redirect whose next page says what was done, or why not.</summary>
    protected IActionResult RedirectWithAnswer<T>(Outcome<T> outcome, string sentence, string path) where T : notnull =>
        RedirectWithAnswer(outcome, _ => sentence, path);

    protected IActionResult RedirectWithAnswer<T>(Outcome<T> outcome, Func<T, string> sentence, string path) where T : notnull =>
        outcome.Granted ? RedirectWithNotice(sentence(outcome.Value), path) : RedirectWithError(outcome.Refusal, path);

    /// <summary>A redirect whose next page says what was done, or this page again with the refusal.</summary>
    protected IActionResult RedirectOrShow<T>(Outcome<T> outcome, string sentence, string path, string? field = null) where T : notnull =>
        RedirectOrShow(outcome, _ => sentence, path, field);

    protected IActionResult RedirectOrShow<T>(Outcome<T> outcome, Func<T, string> sentence, string path, string? field = null)
        where T : notnull =>
        outcome.Granted ? RedirectWithNotice(sentence(outcome.Value), path) : ShowError(outcome.Refusal, field);

    /// <summary>A redirect whose next page says why nothing was done.</summary>
    protected IActionResult RedirectWithError(Refusal refusal, string path, (string Text, string Path)? next = null)
    {
        if (refusal is NotFound) return NotFound();
        Notice.Leave(TempData, refusal.Sentence, next, refused: true);
        return LocalRedirect(path);
    }
}

/// <summary>A page under <c>/o/{orgId}</c>; the gate has asked already whether the visitor administers it.</summary>
public abstract class OrganizationPage(IMediator mediator) : WebPage(mediator)
{
    [FromRoute] public Guid OrgId { get; set; }

    public OrganizationId Organization => new(OrgId);
    public string Home => $"/o/{OrgId}";

    // Otherwise taken for what answers the method PAGE, as the name begins with On.
    [NonHandler]
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        // What a page asks by itself is nobody's choice of an organization.
        if (Visitor is { } visitor && !WantsPart && !Request.Headers.ContainsKey("X-Live"))
            LastOrganization.Keep(HttpContext, visitor, Organization);
    }
}

/// <summary>The line at the top of the page after a redirect: what was done, or why not, and perhaps the next step.</summary>
public sealed record Notice(string Sentence, bool Refused, string? NextText, string? NextPath)
{
    public static void Leave(ITempDataDictionary kept, string sentence, (string Text, string Path)? next, bool refused = false)
    {
        kept["notice"] = sentence;
        kept["notice.refused"] = refused;
        kept["notice.text"] = next?.Text;
        kept["notice.path"] = next?.Path;
    }

    public static Notice? Take(ITempDataDictionary kept) => kept["notice"] is string sentence
        ? new Notice(sentence, kept["notice.refused"] is true, kept["notice.text"] as string, kept["notice.path"] as string)
        : null;
}
