namespace DirectoryPlatform.Web.Pages.Settings;

/// <summary>Mails in the organization's name: what has not arrived and why, and the words that each of them ends with (SPEC R8).</summary>
[Requires(Permission.ManageMail)]
public sealed class MailModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null);

    public OrganizationMail View { get; private set; } = null!;

    /// <summary>A short email with the words that are saved.</summary>
    public MailPreview Sample { get; private set; } = null!;

    string Path => $"{Home}/settings/mail";

    /// <summary>"email-verification" reads "Email verification": templates are named so that this is enough.</summary>
    public string NameOf(string template) =>
        template.Length == 0 ? template : char.ToUpperInvariant(template[0]) + template[1..].Replace('-', ' ');

    public async Task OnGet()
    {
        var wording = await Send(new ReadOrganizationWording(Organization));
        if (wording.Granted) Input = new(wording.Value.Contact, wording.Value.Signature);
        await Load();
    }

    async Task Load()
    {
        View = await Send(new ReadOrganizationMail(OrgId));
        Sample = await Send(new PreviewMail("Your email address was changed",
            "Hello Sam,\n\nthe email address of your account is now sam@example.com.", OrgId));
    }

    /// <param name="mail">Null for all that could not be delivered.</param>
    public async Task<IActionResult> OnPostRetry(Guid? mail)
    {
        if (!ModelState.IsValid) return BadRequest();
        return RedirectWithAnswer(await Execute(new RetryMail(OrgId, mail, Origin)),
            mail is null ? "Retrying all emails now." : "Retrying the email now.", Path);
    }

    public async Task<IActionResult> OnPostWording()
    {
        var outcome = await Execute(new ChangeOrganizationWording(Organization, Input.Contact, Input.Signature, Origin));
        if (outcome.Granted) return RedirectWithNotice("Email branding saved. It applies to all emails from now on.", Path);
        await Load();
        return ShowError(outcome.Refusal);
    }

    public sealed record Form(string? Contact, string? Signature);
}
