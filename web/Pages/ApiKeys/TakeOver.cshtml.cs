using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.ApiKeys;

/// <summary>Says what taking over means, then lets the key act for this admin: for when its admin has left (SPEC P1).</summary>
[Requires(Permission.ManageApiKeys, Fresh = true)]
public sealed class TakeOverModel(IMediator mediator) : KeyPage(mediator)
{
    public async Task<IActionResult> OnPost()
    {
        var outcome = await Do(new TakeOverApiKey(Organization, KeyId, Visitor!.Account, Origin));
        return outcome.Granted ? Said($"{outcome.Value.Name} acts for you now.", Back) : Refused(outcome.Refusal, Back);
    }
}
