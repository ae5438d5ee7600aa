using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using DirectoryPlatform.Web.Words;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>Suspends, restores or removes one person, on one site or on all of the organization:
/// names the consequence, then does it (SPEC U4, U5).</summary>
public abstract class ChangePage(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }
    [FromRoute(Name = "change")] public string Verb { get; set; } = "";

    public ChangeQuestion View { get; private set; } = null!;
    string Path => $"{Users}/{AccountId}";

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = (await Do(new ChangeMembership(Organization, Site, [new(AccountId)], View.Words.Change, Origin)))[0];
        if (!outcome.Granted) return Refused(outcome.Refusal, Path);
        return View.Words.Change is MembershipChange.Remove
            ? Said($"{View.Name} is removed from {(Site is null ? "all sites" : "the site")}.", Users)
            : Said($"{View.Name} is {View.Words.Done} on {(Site is null ? "all sites" : "this site")}.", Path, View.UndoAt(Path));
    }

    async Task<IActionResult?> Load()
    {
        var person = await Ask(new ReadUser(Scope, new(AccountId)));
        if (!person.Granted || ChangeWords.Parse(Verb) is not { } words) return NotFound();
        var preview = await Ask(new PreviewMembership(Organization, Site, [new(AccountId)], words.Change, Visitor!.Account));
        View = new(words, person.Value.Name, person.Value.Managed, string.Join(", ", person.Value.Sites.Select(s => s.Name)), preview,
            Path);
        return preview.Refused is [var (_, refusal), ..] ? Refused(refusal, Path) : null;
    }
}

[Requires(Permission.ManageUsers)]
public sealed class ChangeModel(IMediator mediator) : ChangePage(mediator);

[Requires(Permission.ManageSiteUsers)]
public sealed class SiteChangeModel(IMediator mediator) : ChangePage(mediator);
