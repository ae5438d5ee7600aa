using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>The same page for known and unknown addresses, so that nobody can probe for accounts (SPEC S1).</summary>
[Requires(Permission.Anyone)]
[NoDoor("Shows a page that is the same for everybody.")]
public sealed class ForgotPasswordSentModel : PageModel
{
    public void OnGet() { }
}
