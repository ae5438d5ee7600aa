using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.Domains;

/// <summary>Says first how many accounts a removal unclaims (SPEC D12).</summary>
[Requires(Permission.ManageDomains, Fresh = true)]
public sealed class RemoveModel(IMediator mediator) : OrganizationPage(mediator)
{
    /// <summary>As in the claim wizard (SPEC C1).</summary>
    const long TypedAbove = 1000;

    [FromRoute] public Guid DomainId { get; set; }
    [BindProperty] public Form Input { get; set; } = new(0, null);

    public DomainView View { get; private set; } = null!;
    public long Claimed { get; private set; }
    public bool MustTypeName => Claimed > TypedAbove;

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } refusal) return Refuse(refusal);
        Input = new Form(View.Version, null);
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } refusal) return Refuse(refusal);
        if (MustTypeName && !string.Equals(Input.TypedName?.Trim(), View.Name, StringComparison.OrdinalIgnoreCase))
            return Refuse(new TypedWrong(), nameof(Input.TypedName));
        var outcome = await Do(new RemoveDomain(Organization, View.Id, Input.SeenVersion, Origin));
        if (outcome.Granted)
            return Said(Claimed > 0 ? $"{View.Display} is removed. A job is unclaiming its accounts." : $"{View.Display} is removed.",
                $"{Home}/domains");
        if (outcome.Refusal is ChangedMeanwhile) Input = new Form(View.Version, null);
        ModelState.Remove("Input.SeenVersion");
        return Refuse(outcome.Refusal);
    }

    async Task<Refusal?> Load()
    {
        var outcome = await Ask(new ReadDomain(Organization, new DomainId(DomainId)));
        if (!outcome.Granted) return outcome.Refusal;
        View = outcome.Value;
        var counts = await Ask(new CountAccountsOnDomains(Organization, [View.Name]));
        Claimed = counts.GetValueOrDefault(View.Name)?.ClaimedHere ?? 0;
        return null;
    }

    /// <param name="SeenVersion">The domain's version when the consequence was shown.</param>
    public sealed record Form(long SeenVersion, string? TypedName);
}
