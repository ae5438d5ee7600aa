using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using DirectoryPlatform.Web.Words;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>The checked users of a page of the list, up to a thousand, at once: preview, confirm, undo (SPEC U4, U5). The preview is decided by the deed's own code.</summary>
[Requires(Permission.ManageSiteUsers)]
public sealed class ChangeManyModel(IMediator mediator) : SitePage(mediator)
{
    [BindProperty] public IReadOnlyList<Guid> Account { get; set; } = [];
    [BindProperty] public string? Change { get; set; }

    public ChangeWords Words { get; private set; } = null!;
    public MembershipPreview Preview { get; private set; } = null!;

    /// <summary>Null before it is done.</summary>
    public int? Done { get; private set; }

    /// <summary>Refusals by sentence, with how many they are about.</summary>
    public IEnumerable<(string Sentence, long Users)> Refusals => Preview.Refused.GroupBy(r => r.Why.Sentence).Select(g => (g.Key, (long)g.Count()));

    public string Path => $"{Home}/users";

    IReadOnlyList<AccountId> Chosen => [.. Account.Distinct().Select(a => new AccountId(a))];

    public IActionResult OnGet() => LocalRedirect(Path);

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Preview = await Ask(new PreviewMembership(Organization, Site, Chosen, Words.Change, Visitor!.Account));
        return Page();
    }

    public async Task<IActionResult> OnPostConfirm()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var chosen = Chosen;
        var outcomes = await Do(new ChangeMembership(Organization, Site, chosen, Words.Change, Origin));
        var each = chosen.Zip(outcomes).ToList();
        Preview = new([.. each.Where(e => e.Second.Granted).Select(e => e.First)], [.. each.Where(e => !e.Second.Granted).Select(e => (e.First, e.Second.Refusal!))], [], 0);
        Done = Preview.Will.Count;
        return Page();
    }

    async Task<IActionResult?> Load()
    {
        if (!ModelState.IsValid) return BadRequest();
        if (ChangeWords.Parse(Change) is not { } words) return Refused(new InvalidValueOfList(), Path);
        if (Account.Count == 0) return Refused(new NothingChosen(), Path);
        Words = words;
        return await LoadSite();
    }
}

sealed record InvalidValueOfList() : Kernel.Refusal("actionMissing", "Choose what to do with the checked users.");
