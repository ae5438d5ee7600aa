namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Another address for a managed account (SPEC M4).</summary>
[OpensInDialog, Requires(Permission.ManageAccounts, Fresh = true)]
public sealed class MemberEmailModel(IMediator mediator) : OrganizationPage(mediator)
{
    /// <summary>Domains that the hint names; an organization may have hundreds (own choice).</summary>
    const int Named = 5;

    [FromRoute] public Guid AccountId { get; set; }
    [BindProperty] public Form Input { get; set; } = new();

    public string Path => $"{Home}/members/{AccountId}";
    public ProfileView Profile { get; private set; } = null!;
    public string Hint { get; private set; } = "";

    /// <summary>Whether the other admins are told (SPEC S13).</summary>
    public bool IsAdmin { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Input.Seen = Profile.Email;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Execute(
            new ChangeEmail(new(AccountId), Organization, Input.Seen, Input.Email, Origin) { Asker = Visitor!.AdminOf });
        if (outcome.Granted) return RedirectWithNotice($"The email address of {Profile.Name} is changed.", Path);
        if (outcome.Refusal is EmailStale stale)
        {
            // The next try is one that has seen what stands there.
            Input.Seen = stale.Present;
            ModelState.Remove("Input.Seen");
        }
        var page = ShowError(outcome.Refusal, nameof(Form.Email));
        if (outcome.Refusal is EmailTaken) Response.StatusCode = StatusCodes.Status409Conflict;
        return page;
    }

    async Task<IActionResult?> Load()
    {
        var profile = await Send(new ReadProfile(new(AccountId), Organization, Visitor!.Account) { Asker = Visitor.AdminOf });
        if (!profile.Granted) return NotFound();
        Profile = profile.Value;
        IsAdmin = await Send(new ReadAccount(new(AccountId))) is { Granted: true, Value.AdminOf.Count: > 0 };
        if (Profile.EmailRefusal is { } refusal) return RedirectWithError(refusal, Path);
        var own = (await Send(new ReadDomains(Organization))).Where(d => d.IsOwned).Select(d => d.Display).ToArray();
        Hint = own.Length == 0
            ? "Your organization has no verified domain, so you cannot choose an address."
            : "Must be on a domain that your organization has verified: "
                + $"{string.Join(", ", own.Take(Named))}{(own.Length > Named ? ", …" : "")}.";
        return null;
    }

    public sealed class Form
    {
        public string? Seen { get; set; }
        public string? Email { get; set; }
    }
}
