namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Where one is signed in, and logging out there (SPEC S3, A12).</summary>
[Requires(Permission.OwnAccount)]
public sealed class SessionsModel(IMediator mediator) : WebPage(mediator)
{
    const string Path = "/account/sessions";

    public IReadOnlyList<DeviceView> Devices { get; private set; } = [];
    public Guid Here => Visitor!.Session;

    public async Task<IActionResult> OnGet()
    {
        var devices = await Send(new ReadDevices(Visitor!.Account, null));
        if (!devices.Granted) return NotFound();
        Devices = devices.Value;
        return Page();
    }

    public async Task<IActionResult> OnPostLogOut([FromForm] Guid device) =>
        RedirectWithAnswer(await Execute(new LogOutDevice(Visitor!.Account, device, null, Origin)),
            done => $"{done.Name} is signed out.", Path);

    public async Task<IActionResult> OnPostLogOutOthers() =>
        RedirectWithAnswer(await Execute(new LogOutEverywhere(Visitor!.Account, Here, null, Origin)),
            done => done == 0 ? "You are signed in on no other device." : $"{done.Of("device is", "devices are")} signed out.", Path);
}
