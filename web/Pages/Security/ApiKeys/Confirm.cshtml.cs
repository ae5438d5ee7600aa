namespace DirectoryPlatform.Web.Pages.Security.ApiKeys;

/// <summary>
/// An admin types the code that a program shows, sees which program asks, from where and for what, and decides (SPEC P9). Nothing is
/// selected beforehand, and what Enter sends is the refusal. The code is never taken from the address, so that no link that somebody sends
/// leads past the typing.
/// </summary>
[Requires(Permission.ManageApiKeys, Fresh = true)]
public sealed class ConfirmModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null, null);

    /// <summary>Null until a code was typed that waits.</summary>
    public DeviceRequest? Asked { get; private set; }
    public string Back => $"{Home}/api-keys";

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var read = await Send(new ReadDeviceRequest(Input.Code, Visitor!.Account, Origin));
        if (!read.Granted) return ShowError(read.Refusal, read.Refusal is UserCodeUnknown ? nameof(Form.Code) : null);
        Asked = read.Value;
        return Page();
    }

    public async Task<IActionResult> OnPostAnswer()
    {
        var allows = Input.Answer == "allow";
        var answered = await Execute(new AnswerDeviceRequest(Input.Code, Organization, Visitor!.Account,
            allows ? Input.Scopes ?? [] : null, Origin));
        if (answered.Granted)
            return RedirectWithNotice(allows ? "Allowed. The program gets its key within seconds; you can find and revoke it here."
                : "Refused. The program gets no key.", Back);
        // What was asked for is shown again where something can be put right.
        if (answered.Refusal is InvalidValue && await Send(new ReadDeviceRequest(Input.Code, Visitor.Account, Origin))
            is { Granted: true, Value: var request }) Asked = request;
        return ShowError(answered.Refusal, answered.Refusal is UserCodeUnknown ? nameof(Form.Code) : null);
    }

    /// <param name="Code">As typed.</param>
    /// <param name="Answer">"allow"; whatever else is sent refuses.</param>
    public sealed record Form(string? Code, string[]? Scopes, string? Answer);
}
