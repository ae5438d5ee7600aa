namespace DirectoryPlatform.Web.Pages.Security.Policies;

/// <summary>Puts people into a policy by their addresses, typed or from a file (SPEC S5).</summary>
[Requires(Permission.ManagePolicies, Fresh = true)]
public sealed class AddModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid PolicyId { get; set; }

    public PolicyId Policy => new(PolicyId);
    public string Path => $"{Home}/policies/{PolicyId}";
    public PolicyView View { get; private set; } = null!;

    Task<IActionResult?> Load() => Find(new ReadPolicy(Organization, Policy), found => View = found);

    [BindProperty] public Form Input { get; set; } = new(null, null);

    /// <summary>What was not moved, and why.</summary>
    public IReadOnlyList<string> Left { get; private set; } = [];

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        await using var file = Input.File?.OpenReadStream();
        var moved = await Execute(new MoveToPolicyByEmail(Organization, Policy, Input.Emails, file, Origin));
        if (!moved.Granted) return ShowError(moved.Refusal, Input.File is null ? nameof(Form.Emails) : nameof(Form.File));
        var (accounts, already, provisioned, left) = moved.Value;
        var sentence = $"{accounts} of {accounts + already + provisioned + left.Count} moved to “{View.Settings.Name}”";
        if (already > 0) sentence += $", {already} already there";
        if (provisioned > 0)
            sentence += $", {provisioned} left where they are, "
                + "because an identity provider provisions them and this policy is non-billable";
        sentence += ".";
        if (left.Count == 0) return RedirectWithNotice(sentence, Path);
        Left = [.. left.Select(l => $"Line {l.Line}: {l.Text}: {l.Why}")];
        ModelState.AddModelError("", $"{sentence} The rest are listed below.");
        return Page();
    }

    public sealed record Form(string? Emails, IFormFile? File);
}
