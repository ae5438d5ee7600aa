using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>After "Forgot your password?" and after the sign-up: the same page for known and unknown addresses, for free ones and taken
/// ones, so that nobody can probe for accounts (SPEC S1).</summary>
[NoDoor("Shows a page that is the same for everybody.")]
public sealed class SentModel(WebSettings settings) : PageModel
{
    public bool OfNewcomer => Request.Path.StartsWithSegments("/sign-up");
    public bool ShowsMailbox => settings.Demo;

    public void OnGet() { }
}
