namespace DirectoryPlatform.Web.Pages.Demo;

/// <summary>The demo's zone, to be edited by hand (SPEC R3).</summary>
[Requires(Permission.Demo)]
public sealed class DnsModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null, null);
    public IReadOnlyList<DemoRecord> Records { get; private set; } = [];

    public async Task OnGet() => Records = await Send(new ReadDemoZone());

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new AddDemoRecord(Input.Name, Input.Type, Input.Value));
        if (outcome.Granted) return RedirectWithNotice("Record added.", "/demo/dns");
        Records = await Send(new ReadDemoZone());
        return ShowError(outcome.Refusal);
    }

    public async Task<IActionResult> OnPostRemove(Guid id) =>
        RedirectWithAnswer(await Execute(new RemoveDemoRecord(id)), "Record removed.", "/demo/dns");

    public sealed record Form(string? Name, string? Type, string? Value);
}
