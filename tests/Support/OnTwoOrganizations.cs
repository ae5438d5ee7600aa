using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Two organizations, each with a verified domain and an admin, on one node that is asked over HTTP.</summary>
/// <param name="automatic">Whether their domains claim new accounts.</param>
public abstract class OnTwoOrganizations(bool automatic) : OnInstallation
{
    private protected WholeSite Site { get; private set; } = null!;
    protected OrganizationId Acme { get; private set; }
    protected OrganizationId Globex { get; private set; }
    protected AccountId Ada { get; private set; }
    protected AccountId Gus { get; private set; }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (Acme, Globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        await Here.VerifiedDomain(Acme, "acme.example", automatic);
        await Here.VerifiedDomain(Globex, "globex.example", automatic);
        (Ada, Gus) = (await Here.Admin(Acme, "ada@acme.example"), await Here.Admin(Globex, "gus@globex.example"));
        Site = await WholeSite.On(Here);
    }

    public override async Task DisposeAsync()
    {
        await Site.DisposeAsync();
        await base.DisposeAsync();
    }
}
