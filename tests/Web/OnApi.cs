using System.Net;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Two organizations with a key each.</summary>
public abstract class OnApi() : OnTwoOrganizations(automatic: true)
{
    private protected ApiCaller Program { get; private set; } = null!;
    private protected ApiCaller Foreign { get; private set; } = null!;
    protected AccountId Liam { get; private set; }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Liam = await Here.Account("liam@acme.example", "Liam", managedBy: Acme);
        (Program, Foreign) = (With((await Key(Acme, Ada)).Secret), With((await Key(Globex, Gus)).Secret));
    }

    public override async Task DisposeAsync()
    {
        Program.Dispose();
        Foreign.Dispose();
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
