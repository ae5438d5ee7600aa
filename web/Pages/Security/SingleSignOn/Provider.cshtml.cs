namespace DirectoryPlatform.Web.Pages.Security.SingleSignOn;

/// <summary>The organization's identity provider (SPEC S5). Whoever enters one can sign in as anybody whom the organization manages, so the
/// page asks for a fresh proof.</summary>
[Requires(Permission.ManagePolicies, Fresh = true)]
public sealed class ProviderModel(IMediator mediator, TimeProvider clock) : OrganizationPage(mediator)
{
    /// <summary>Time to get another certificate to both sides (own choice).</summary>
    static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    [BindProperty] public Form Input { get; set; } = new(null, null, null, null, null, null, null);

    public IdentityProviderView View { get; private set; } = null!;
    public string Path => $"{Home}/single-sign-on";
    public string TestPath => SingleSignOnEndpoints.PathTo(Organization, null, "test");

    /// <summary>What an admin should know of its dates. They keep nobody out: only the key counts.</summary>
    public string? Warning(ProviderCertificate certificate) => certificate.Until - clock.GetUtcNow() is var left && left < TimeSpan.Zero
        ? "Expired"
        : left < Soon ? "Expires soon"
        : certificate.From > clock.GetUtcNow() ? "Not valid yet"
        : null;

    /// <summary>After a test, sealed: what the provider said.</summary>
    [BindProperty(SupportsGet = true)] public string? Said { get; set; }

    public ProviderSaid? Came { get; private set; }

    public async Task OnGet()
    {
        View = await Send(new ReadIdentityProvider(Organization));
        if (Said is not null) Came = await Send(new ReadTestAnswer(Organization, Said, Visitor));
    }

    /// <summary>Which of the three ways stands open: the one that was sent, or the first.</summary>
    public string Way => Input.Way is "file" or "manual" ? Input.Way : "url";

    /// <summary>1 for the provider, 2 for its test, 3 for a policy; 4 when people sign in through it.</summary>
    public int Stage => View switch
    {
        { Proposed: not null } => 2,
        { InForce: null } => 1,
        { Policies.Count: 0 } => 3,
        _ => 4,
    };

    /// <summary>By the way that was chosen; without one by whatever is filled in, metadata first.</summary>
    public async Task<IActionResult> OnPost()
    {
        await OnGet();
        var (metadata, field) = (Input.Metadata, nameof(Form.Metadata));
        if (Input.Way is "manual") metadata = null;
        else if (Input.Way is "url")
        {
            var fetched = await Send(new FetchProviderMetadata(Input.Url));
            if (!fetched.Granted) return ShowError(fetched.Refusal);
            (metadata, field) = (fetched.Value, nameof(Form.Url));
        }
        else if (Input.File is { } file)
        {
            if (file.Length > FetchProviderMetadata.MostBytes)
                return ShowError(new InvalidValue("file", "This file is too large. The limit for one provider’s metadata is 512 KB."));
            using var content = new MemoryStream();
            await file.CopyToAsync(content, HttpContext.RequestAborted);
            (metadata, field) = (Encoding.UTF8.GetString(content.ToArray()), nameof(Form.File));
            if (string.IsNullOrWhiteSpace(metadata)) return ShowError(new InvalidValue("file", "This file is empty."));
        }
        else if (Input.Way is "file" && string.IsNullOrWhiteSpace(metadata))
            return ShowError(new InvalidValue("file", "Choose the provider’s metadata file, or paste its content."));
        var wanted = new ProposeIdentityProvider(Organization, metadata, Input.EntityId, Input.SignInAddress, Input.Certificates, Origin);
        var proposed = await Execute(wanted);
        if (proposed.Granted)
            return RedirectWithNotice("Settings saved. They take effect after a successful test sign-in.", Path,
                ("Test sign-in", TestPath));
        return ShowAll(proposed.Refusal, wanted.Faults, refusal => refusal is InvalidValue { Field: "metadata" } ? field : null);
    }

    public async Task<IActionResult> OnPostWithdraw() =>
        RedirectWithAnswer(await Execute(new WithdrawProposedProvider(Organization, Origin)),
            "Settings discarded.", Path);

    public sealed record Form(string? Way, string? Url, IFormFile? File, string? Metadata, string? EntityId, string? SignInAddress,
        string? Certificates);
}
