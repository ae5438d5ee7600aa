using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.ApiKeys;

/// <summary>A page about one API key of the organization; another's is answered as none.</summary>
public abstract class KeyPage(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid KeyId { get; set; }

    public ApiKeyView Key { get; private set; } = null!;
    public string Back => $"{Home}/api-keys";

    public async Task<IActionResult> OnGet()
    {
        if ((await Ask(new ReadApiKeys(Organization))).FirstOrDefault(k => k.Id == KeyId) is not { } key)
            return Refused(new NoSuchApiKey(), Back);
        Key = key;
        return Page();
    }
}
