using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The Managed accounts list (SPEC M1).</summary>
[Requires(Permission.ViewManagedAccounts)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    public ListQuery Query { get; private set; } = new();
    public ManagedAccountPage List { get; private set; } = new([], null, null);
    public ManagedAccountCounts Counts { get; private set; } = null!;
    public IReadOnlyList<DomainView> Domains { get; private set; } = [];
    public IReadOnlyList<AppView> Apps { get; private set; } = [];

    /// <summary>By which the list is filtered, and to which the bulk bar moves accounts.</summary>
    public IReadOnlyList<PolicyName> Policies { get; private set; } = [];

    public string Path => $"{Home}/members";

    public async Task<IActionResult> OnGet([FromQuery] ListQuery query)
    {
        Query = query;
        if (query.Fault is null) List = await Send(query.For(Organization));
        Domains = [.. (await Send(new ReadDomains(Organization))).Where(d => d.IsOwned)];
        Apps = await Send(new ReadApps());
        Policies = await Send(new ReadPolicyNames(Organization));
        if (WantsPart)
        {
            Response.Headers["HX-Push-Url"] = query.AtRow(Path, query.At);
            return Partial("_List", this);
        }
        Counts = await Send(new CountManagedAccounts(Organization));
        return Page();
    }
}
