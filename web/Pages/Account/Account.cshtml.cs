using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using DirectoryPlatform.Web.Words;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>One's own account, and who manages it (SPEC A12, C5).</summary>
[Requires(Permission.OwnAccount)]
public sealed class AccountModel(IMediator mediator) : WebPage(mediator)
{
    public OwnAccountView View { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        var outcome = await Ask(new ReadAccount(Visitor!.Account));
        if (!outcome.Granted) return Refuse(outcome.Refusal);
        var account = outcome.Value;
        var organizations = await Ask(new ReadOrganizations([.. account.AdminOf.Union(account.ManagedBy is { } m ? [m] : [])]));
        View = new OwnAccountView(
            account.Id.Value, account.Name, account.Email, Badge.Of(account.State), account.ManagedBy is { } manager ? Name(manager) : null,
            [.. organizations.Where(o => account.AdminOf.Contains(o.Id))]);
        return Page();

        string Name(OrganizationId id) => organizations.FirstOrDefault(o => o.Id == id)?.Name ?? "An organization";
    }
}

public sealed record OwnAccountView(Guid Id, string Name, string Email, Badge Status, string? ManagedBy, IReadOnlyList<OrganizationView> Administers);
