namespace DirectoryPlatform.Web.Pages.Access.Invitations;

/// <summary>Where a proxy sends whoever the door has refused: says why, to the person (SPEC U4, U11).</summary>
[Requires(Permission.OwnAccount)]
public sealed class DeniedModel(IMediator mediator) : WebPage(mediator)
{
    [FromQuery] public string? Site { get; set; }
    [FromQuery] public string? App { get; set; }

    public string Sentence { get; private set; } = "";

    public async Task OnGet()
    {
        var entry = await Send(new MayEnterApp(Site, App, Visitor!.Account));
        // An unknown site answers as one on which the person is nobody.
        Sentence = entry.Granted ? "You have access to this app. Go back and try again."
            : entry.Refusal is Kernel.Outcomes.NotFound ? new NotOnThisSite().Sentence
            : entry.Refusal.Sentence;
    }
}
