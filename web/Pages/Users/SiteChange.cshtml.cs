using DirectoryPlatform.Directory;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using DirectoryPlatform.Web.Words;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>Suspends, restores or removes one person on one site (SPEC U4, U5).</summary>
[Requires(Permission.ManageSiteUsers)]
public sealed class SiteChangeModel(IMediator mediator) : SitePage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }
    [FromRoute(Name = "change")] public string Verb { get; set; } = "";

    public ChangeQuestion View { get; private set; } = null!;
    string Path => $"{Home}/users/{AccountId}";

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = (await Do(new ChangeMembership(Organization, Site, [new(AccountId)], View.Words.Change, Origin)))[0];
        if (!outcome.Granted) return Refused(outcome.Refusal, Path);
        return View.Words.Change is MembershipChange.Remove ? Said($"{View.Name} is removed from the site.", $"{Home}/users") : Said($"{View.Name} is {View.Words.Done} on this site.", Path, View.UndoAt(Path));
    }

    async Task<IActionResult?> Load()
    {
        var person = await Ask(new ReadUser(new(Organization, Site), new(AccountId)));
        if (!person.Granted || ChangeWords.Parse(Verb) is not { } words) return NotFound();
        var preview = await Ask(new PreviewMembership(Organization, Site, [new(AccountId)], words.Change, Visitor!.Account));
        View = new(words, person.Value.Name, person.Value.Managed, person.Value.Sites[0].Name, preview, Path);
        return preview.Refused is [var (_, refusal), ..] ? Refused(refusal, Path) : null;
    }
}
