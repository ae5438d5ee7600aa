namespace DirectoryPlatform.Web.Pages.Directory.Domains;

/// <summary>All domains of the organization (SPEC D12).</summary>
[Requires(Permission.ManageDomains)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    static readonly DomainAccountCount Nobody = new(0, 0);

    public IReadOnlyList<(DomainView Domain, DomainAccountCount Count)> Rows { get; private set; } = [];

    public async Task OnGet()
    {
        var domains = await Send(new ReadDomains(Organization));
        if (domains.Count == 0) return;
        var counts = await Send(new CountAccountsOnDomains(Organization, [.. domains.Select(d => d.Name)]));
        Rows = [.. domains.Select(d => (d, counts.GetValueOrDefault(d.Name) ?? Nobody))];
    }
}
