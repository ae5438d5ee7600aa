namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>The short address that a program shows with its code (SPEC P9): leads to the organization in which the visitor may confirm it,
/// and asks who administers several.</summary>
[Requires(Permission.OwnAccount)]
public sealed class DeviceModel(IMediator mediator) : WebPage(mediator)
{
    public IReadOnlyList<OrganizationView> Organizations { get; private set; } = [];

    public static string PathOf(OrganizationId organization) => $"/o/{organization}/api-keys/confirm";

    public async Task<IActionResult> OnGet()
    {
        if (Visitor!.AdminOf is [var only]) return LocalRedirect(PathOf(only));
        Organizations =
            [.. (await Send(new ReadOrganizations(Visitor.AdminOf))).OrderBy(o => o.Name, StringComparer.OrdinalIgnoreCase)];
        return Page();
    }
}
