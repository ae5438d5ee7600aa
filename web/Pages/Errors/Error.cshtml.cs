using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Pages.Errors;

/// <summary>Every answer that is no page of its own: in plain words, with a way on. Also answers requests whose form could not be trusted,
/// so it asks for no form token.</summary>
[Requires(Permission.Anyone), IgnoreAntiforgeryToken]
[NoDoor("Answers for another route, which has asked.")]
public sealed class ErrorModel : PageModel
{
    public ErrorView View { get; private set; } = ErrorView.Of(404, false);

    /// <summary>Only where something broke on our side.</summary>
    public string? RequestId { get; private set; }

    public void OnGet() => Show();
    public void OnPost() => Show();

    // The status is taken from the path by hand: binding it would look into a form that may be what is wrong.
    void Show()
    {
        var status = int.TryParse(RouteData.Values["status"] as string, NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? asked
            : 404;
        // After an exception the path always says 500, and the response knows better; a visitor who types the address gets "not found".
        var actual = HttpContext.Features.Get<IExceptionHandlerFeature>() is not null
            ? Response.StatusCode
            : BadInput.IsErrorPage(HttpContext) ? status : 404;
        View = ErrorView.Of(actual, OutOfDateForms.IsAtFault(HttpContext));
        Response.StatusCode = actual;
        Later.SayWhenAway(Response, actual);
        if (actual >= 500) RequestId = HttpContext.TraceIdentifier;
    }
}

/// <summary>What an error page says.</summary>
public sealed record ErrorView(int Status, string Title, string Sentence, string WayOn = "/", string WayOnText = "Go to the home page")
{
    public static ErrorView Of(int status, bool outOfDateForm) => status switch
    {
        400 when outOfDateForm => new(400, "This form has expired", "Go back and try again. Nothing was changed."),
        400 => new(400, "This request cannot be read",
            "The address or the form contains characters that cannot be stored. Go back and correct them. Nothing was changed."),
        401 => new(401, "Sign in first", "Your session has ended, so nothing was changed. Sign in and try again.", "/sign-in", "Sign in"),
        403 => new(403, "Not allowed", "Your account is not allowed to do this. Contact an admin of your organization."),
        404 => new(404, "Page not found", "There is nothing at this address, or you do not have access to it."),
        405 => new(405, "Not possible here", "This page does not support this request. Go back and use its buttons."),
        413 => new(413, "Too large",
            "A form takes at most 6 MB and a file at most 5 MB. Split the file and upload the parts one by one. Nothing was changed."),
        429 => new(429, "Too many requests", "Wait a minute, then try again."),
        503 => new(503, "Temporarily unavailable", "The database of this installation does not answer, or has no room. "
            + "Wait a moment, then try again."),
        >= 500 => new(status, "Something went wrong", "This is our fault. Try again. "
            + "If it keeps happening, contact the operator of this installation."),
        _ => new(status, "That did not work", "Go back and try again."),
    };
}
