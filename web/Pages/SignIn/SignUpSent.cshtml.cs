using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>Says the same whether the address was free or not, so that nobody can probe for accounts (SPEC S1).</summary>
[Requires(Permission.Anyone)]
[NoDoor("Shows a page that is the same for everybody.")]
public sealed class SignUpSentModel : PageModel
{
    public void OnGet() { }
}
