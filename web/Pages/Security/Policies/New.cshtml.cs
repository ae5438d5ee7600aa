namespace DirectoryPlatform.Web.Pages.Security.Policies;

/// <summary>A further policy; it begins with what the default one asks at first, and without people.</summary>
[Requires(Permission.ManagePolicies, Fresh = true)]
public sealed class NewModel(IMediator mediator) : OrganizationPage(mediator), IPolicyFormPage
{
    [BindProperty] public PolicyForm Input { get; set; } = PolicyForm.Of(PolicyDraft.Initial with { Name = null }, 0);

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var created = await Execute(new CreatePolicy(Organization, Input.Settings, Origin));
        if (created.Granted)
            return RedirectWithNotice($"Policy “{Input.Name?.Trim()}” created. Add people to it.",
                $"{Home}/policies/{created.Value}/add");
        return ShowAll(created.Refusal, Input.Settings.Faults, PolicyForm.FieldOf);
    }
}
