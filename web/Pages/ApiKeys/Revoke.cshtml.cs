using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.ApiKeys;

/// <summary>Names the consequence, then revokes an API key (SPEC P1).
/// It takes a right away, so nobody is asked for the password first.</summary>
[Requires(Permission.ManageApiKeys, Fresh = true)]
public sealed class RevokeModel(IMediator mediator) : KeyPage(mediator)
{
    public async Task<IActionResult> OnPost()
    {
        var outcome = await Do(new RevokeApiKey(Organization, KeyId, Origin));
        return outcome.Granted ? Said($"{outcome.Value.Name} is revoked.", Back) : Refused(outcome.Refusal, Back);
    }
}
