using System.Net;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Two organizations with a key each, on one node that is asked over HTTP.</summary>
public abstract class OnApi : OnInstallation
{
    private protected WholeSite Site { get; private set; } = null!;
    private protected ApiCaller Program { get; private set; } = null!;
    private protected ApiCaller Foreign { get; private set; } = null!;
    protected OrganizationId Acme { get; private set; }
    protected OrganizationId Globex { get; private set; }
    protected AccountId Ada { get; private set; }
    protected AccountId Gus { get; private set; }
    protected AccountId Liam { get; private set; }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (Acme, Globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        await Here.VerifiedDomain(Acme, "acme.example");
        await Here.VerifiedDomain(Globex, "globex.example");
        (Ada, Gus) = (await Here.Admin(Acme, "ada@acme.example"), await Here.Admin(Globex, "gus@globex.example"));
        Liam = await Here.Account("liam@acme.example", "Liam", managedBy: Acme);
        Site = await WholeSite.On(Here);
        (Program, Foreign) = (With((await Key(Acme, Ada)).Secret), With((await Key(Globex, Gus)).Secret));
    }

    public override async Task DisposeAsync()
    {
        Program.Dispose();
        Foreign.Dispose();
        await Site.DisposeAsync();
        await base.DisposeAsync();
    }

    protected Task<NewApiKey> Key(OrganizationId organization, AccountId admin, params ApiScope[] scopes) =>
        Here.Grant(new CreateApiKey(organization, admin, "Program",
            [.. (scopes.Length == 0 ? ApiScopes.All : scopes).Select(s => s.Name())], 7, By(admin)));

    /// <summary>The OpenAPI document as it is served.</summary>
    private protected async Task<JsonObject> Document()
    {
        using var nobody = Site.Somebody();
        using var answer = await nobody.Get(OpenApi.Path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    private protected ApiCaller With(string? key) => new(Site.Somebody().Client, key);
}

/// <summary>For the cases of a class that change nothing: one for all of them.</summary>
public sealed class OneApi : OnApi
{
    internal TestInstallation Installation => Here;
    internal WholeSite Node => Site;
    internal ApiCaller Caller => Program;
    internal AccountId Person => Liam;
}
