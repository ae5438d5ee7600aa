namespace DirectoryPlatform.Web.Pages.Demo;

/// <summary>Every component in every state, for whoever builds pages: a browser photographs and measures it.</summary>
[Requires(Permission.Demo)]
public sealed class UiModel(IMediator mediator) : WebPage(mediator)
{
    /// <summary>Text in each tone that a badge has.</summary>
    public static readonly IReadOnlyList<Badge> Badges =
    [
        new("Active", "good"), new("Unverified", "wait"), new("Failed", "bad"), new("Deactivated", "quiet"), new("Running", "busy"),
    ];

    /// <summary>One that goes on.</summary>
    public static readonly JobView Job = new(new(Guid.Empty), Guid.Empty, "bulk", "Claim 202 accounts", JobState.Running, null, default,
        null, null, 203, 150, new Dictionary<string, long>(), null, null);

    public Form Input { get; } = new("Grace Hopper", "grace at example", true, false, "8", "hours");

    public void OnGet()
    {
        ModelState.AddModelError("", "A refusal stands above the form, in one sentence.");
        ModelState.AddModelError("Input.Wrong", "This is no email address.");
    }

    public sealed record Form(string Name, string Wrong, bool On, bool Off, string Length, string LengthUnit);
}
