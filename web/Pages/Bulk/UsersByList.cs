namespace DirectoryPlatform.Web.Pages.Bulk;

/// <summary>Suspends, restores or removes the users that files or pasted text name (SPEC M11, U4, U5).</summary>
public abstract class UsersByListPage(IMediator mediator) : UsersPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new();

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        if (ChangeWords.Parse(Input.Change) is not { } words) return ShowError(new NoSuchAction(), nameof(Form.Change));
        var outcome = await Input.Files.AsAddresses(Input.Text, list =>
            Execute(new DraftChangeByList(Organization, Site, words.Change, list, Origin)));
        return outcome.Granted ? LocalRedirect($"{Users}/changes/{outcome.Value}")
            : ShowError(outcome.Refusal is NobodyChosen or FileEmpty ? new NoList() : outcome.Refusal,
                Input.Files.Count > 0 ? nameof(Form.Files) : nameof(Form.Text));
    }

    public sealed class Form
    {
        public string? Change { get; set; }
        public List<IFormFile> Files { get; set; } = [];
        public string? Text { get; set; }
    }
}

[Requires(Permission.ManageUsers)]
public sealed class UsersByListModel(IMediator mediator) : UsersByListPage(mediator);

[Requires(Permission.ManageSiteUsers)]
public sealed class SiteByListModel(IMediator mediator) : UsersByListPage(mediator);
