using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Tests.Web;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>Two organizations with a directory each.</summary>
public abstract class OnScim() : OnTwoOrganizations(automatic: false)
{
    /// <summary>With the token of Acme's and of Globex's directory.</summary>
    private protected ScimCaller Provider { get; private set; } = null!;
    private protected ScimCaller Foreign { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (Provider, Foreign) = (await Directory("Entra ID"), await Directory("Okta", Globex, Gus));
    }

    public override async Task DisposeAsync()
    {
        Provider.Dispose();
        Foreign.Dispose();
        await base.DisposeAsync();
    }

    private protected async Task<ScimCaller> Directory(string name, OrganizationId? organization = null, AccountId? by = null) =>
        With(await Here.Grant(new CreateIdentityDirectory(organization ?? Acme, by ?? Ada, name, By(by ?? Ada))));

    private protected ScimCaller With(NewProvisioningToken made, WholeSite? node = null) =>
        new((node ?? Site).Somebody().Client, made.Directory.Id, made.Token, Here.Clock);

    private protected async Task<ProfileView> Profile(Guid id) => await Here.Grant(new ReadProfile(new(id), Acme, Ada));

    /// <summary>The kinds of entries about one thing, oldest first.</summary>
    protected async Task<IReadOnlyList<string>> Audit(Guid id) =>
        await Here.Rows<string>("select action from kernel.audit_entry where subject_id = @id order by xid, at, id", new { id });

    /// <summary>Tables in which one of these words stands.</summary>
    protected async Task<IReadOnlyList<string>> TablesWith(params string[] words)
    {
        var tables = await Here.Rows<string>(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')");
        return await Here.Rows<string>(string.Join(" union all ", tables.Select(t =>
            $"select '{t}' where exists (select from {t} t, unnest(@words) w(looked_for) where position(looked_for in t::text) > 0)")),
                new { words });
    }

    protected Task Recur<T>() where T : IRecurring => Here.Services.GetServices<IRecurring>().OfType<T>().Single()
        .Run(CancellationToken.None);

    /// <summary>What a provider sends for a person, with all that is mapped.</summary>
    protected static JsonObject Person(string name, string? externalId = null, string domain = "acme.example", bool active = true) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"),
        ["userName"] = $"{name}@{domain}",
        ["externalId"] = externalId ?? $"ext-{name}",
        ["active"] = active,
        ["displayName"] = $"{name} for show",
        ["name"] = new JsonObject { ["givenName"] = name, ["familyName"] = "Long" },
        ["title"] = "Engineer",
        ["emails"] = new JsonArray(new JsonObject { ["value"] = $"{name}@{domain}", ["type"] = "work", ["primary"] = true }),
        ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] = new JsonObject { ["department"] = "Research" },
    };
}
