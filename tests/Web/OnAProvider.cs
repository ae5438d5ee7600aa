using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>An organization whose people are led to a real identity provider that others have written, asked over HTTP (SPEC S5).</summary>
[Trait("Rule", "S5"), Trait("Rule", "A9")]
public abstract class OnAProvider(OneProvider one) : OnInstallation, IClassFixture<OneProvider>
{
    private protected const string Password = "violet lantern orbit";

    private protected IdentityProvider Provider => one.Provider;
    private protected WholeSite Site { get; private set; } = null!;
    private protected OrganizationId Acme { get; private set; }
    private protected OrganizationId Globex { get; private set; }
    private protected AccountId Ada { get; private set; }
    private protected AccountId Liam { get; private set; }
    private protected PolicyId Policy { get; private set; }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Provider.Answer("{}");
        Site = await WholeSite.On(Here);
        (Acme, Globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        Ada = await Here.Admin(Acme, "ada@acme.example");
        await Here.Grant(new ClaimAccount(Ada, Acme, "acme.example", true, TestInstallation.Console));
        Liam = await Here.Account("liam@acme.example", "Liam", managedBy: Acme);
        await Here.Account("gus@globex.example", "Gus", managedBy: Globex);
        await Here.Account("unclaimed@acme.example");
        foreach (var person in (AccountId[])[Ada, Liam]) await Here.Grant(new GivePassword([person], Password));
        Policy = await Here.Grant(new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Staff" }, By(Ada)));
        await Here.Grant(new MoveToPolicy(Acme, Policy, [Liam], By(Ada)));
    }

    public override async Task DisposeAsync()
    {
        await Site.DisposeAsync();
        await base.DisposeAsync();
    }

    private protected async Task<Outcome<Done>> Enforce(bool on, PolicyId? policy = null)
    {
        var view = await Here.Grant(new ReadPolicy(Acme, policy ?? Policy));
        return await Here.Send(new ChangePolicy(Acme, view.Id, view.Version, view.Settings with { SingleSignOn = on }, By(Ada)));
    }

    /// <summary>Entered by its own metadata, tested by an admin, and on for Liam's policy.</summary>
    private protected async Task SetUp()
    {
        await Here.Grant(new ProposeIdentityProvider(Acme, await Provider.Metadata(), null, null, null, By(Ada)));
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        (await Visit(ada, $"/sso/{Acme}/go?for=test", "liam@acme.example")).Headers.Location!.OriginalString
            .ShouldStartWith($"/o/{Acme}/single-sign-on?said=");
        (await Enforce(true)).Granted.ShouldBeTrue();
    }

    /// <summary>What the provider gives to the browser of somebody who is led there and signs in.</summary>
    private protected async Task<string> Answer(SiteVisitor visitor, string path, string who)
    {
        using var led = await visitor.Get(path);
        led.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return await Provider.SignIn(led.Headers.Location!, who);
    }

    /// <summary>As another site's form does it: none of our cookies comes along.</summary>
    private protected async Task<string> Post(string answer, OrganizationId? to = null)
    {
        using var another = Site.Somebody();
        using var received = await another.Client.PostAsync($"/sso/{to ?? Acme}/acs",
            new FormUrlEncodedContent([new("SAMLResponse", answer), new("RelayState", "https://evil.example/")]));
        received.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        received.Headers.Contains("Set-Cookie").ShouldBeFalse();
        var path = received.Headers.Location!.OriginalString;
        path.ShouldStartWith("/sign-in/single-sign-on?");
        return path;
    }

    private protected async Task<HttpResponseMessage> Visit(SiteVisitor visitor, string path, string who) =>
        await visitor.Get(await Post(await Answer(visitor, path, who)));

    private protected string Go(string returnTo = "/account") => $"/sso/{Acme}/go?for=sign-in&returnTo={Uri.EscapeDataString(returnTo)}";

    /// <summary>Without the places where an address may break.</summary>
    private protected static async Task<string> Said(HttpResponseMessage answer) =>
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Replace("<wbr>", "", StringComparison.Ordinal);

    private protected Task<long> Sessions(AccountId of) =>
        Here.Scalar<long>("select count(*) from security.session where account_id = @id and ended_at is null", new { id = of.Value })!;
}

/// <summary>
/// For all tests of a class: a process, and a key that takes long to make. It remembers nothing of whoever came; how it answers is as usual
/// when a test begins, and its key is read from its metadata anew.
/// </summary>
public sealed class OneProvider : IDisposable
{
    internal IdentityProvider Provider { get; } = IdentityProvider.Start();

    public void Dispose() => Provider.Dispose();
}
