namespace DirectoryPlatform.Web.Pages.Security.SingleSignOn;

/// <summary>The organization's identity provider (SPEC S5). Whoever enters one can sign in as anybody whom the organization manages, so the
/// page asks for a fresh proof.</summary>
[Requires(Permission.ManagePolicies, Fresh = true)]
public sealed class ProviderModel(IMediator mediator, TimeProvider clock) : OrganizationPage(mediator)
{
    /// <summary>As much as is read of metadata.</summary>
    const int LargestFile = 512 * 1024;

    /// <summary>Time to get another certificate to both sides (own choice).</summary>
    static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    [BindProperty] public Form Input { get; set; } = new(null, null, null, null, null);

    public IdentityProviderView View { get; private set; } = null!;
    public string Path => $"{Home}/single-sign-on";
    public string TestPath => SingleSignOnEndpoints.PathTo(Organization, null, "test");

    public string? Expires(ProviderCertificate certificate) => certificate.Until - clock.GetUtcNow() is var left && left < TimeSpan.Zero
        ? "Expired"
        : left < Soon ? "Expires soon" : null;

    public async Task OnGet() => View = await Send(new ReadIdentityProvider(Organization));

    public async Task<IActionResult> OnPost()
    {
        await OnGet();
        var metadata = Input.Metadata;
        if (Input.File is { } file)
        {
            if (file.Length > LargestFile)
                return ShowError(new InvalidValue("file", "This file is too large. The limit for one provider’s metadata is 512 KB."));
            using var content = new MemoryStream();
            await file.CopyToAsync(content, HttpContext.RequestAborted);
            metadata = Encoding.UTF8.GetString(content.ToArray());
            if (string.IsNullOrWhiteSpace(metadata)) return ShowError(new InvalidValue("file", "This file is empty."));
        }
        var proposed =
            await Execute(new ProposeIdentityProvider(Organization, metadata, Input.EntityId, Input.SignInAddress, Input.Certificates,
                Origin));
        return proposed.Granted
            ? RedirectWithNotice("Settings saved. They take effect after a successful test sign-in.", Path, ("Test sign-in", TestPath))
            : ShowError(proposed.Refusal, Input.File is not null && proposed.Refusal is InvalidValue { Field: "metadata" }
                ? nameof(Form.File)
                : null);
    }

    public async Task<IActionResult> OnPostWithdraw() =>
        RedirectWithAnswer(await Execute(new WithdrawProposedProvider(Organization, Origin)),
            "Settings discarded.", Path);

    public sealed record Form(IFormFile? File, string? Metadata, string? EntityId, string? SignInAddress, string? Certificates);
}
