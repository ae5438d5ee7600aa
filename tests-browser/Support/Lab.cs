using Microsoft.AspNetCore.Http;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// What proofs of domains need: a product without a demo, the two real name servers that it asks, and a real web server. One for all
/// of them, since each proof has a zone of its own; its admin is admin@lab.test.
/// </summary>
public sealed class Lab : IAsyncLifetime
{
    static readonly string[] Zones = ["plain.test", "long.test", "alias.test", "elsewhere.test", "gone.test", "spread.test", "web.test"];

    public Knot First { get; } = Knot.Start(Zones);

    public Knot Second { get; } = Knot.Start(Zones);

    /// <summary>https://web.test; a product trusts it only with the settings that name its port and its authority.</summary>
    public HttpsSite Site { get; private set; } = null!;

    public Installation Installation { get; private set; } = null!;

    /// <summary>How the web server answers, given <see cref="Token"/>.</summary>
    public Func<string, HttpContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public string Token { get; set; } = "";

    /// <summary>Seconds for a page that never ends. The first look of a product compiles as it goes, and may take as many on a busy machine.</summary>
    public const int GivenUpAfter = 8;

    public (string, string)[] Resolvers =>
        [("Domains__Dns__Servers", $"{First.Address},{Second.Address}"), ("Domains__Dns__TimeoutSeconds", "20")];

    public (string, string)[] Https =>
        [("Domains__Https__Port", $"{Site.Port}"), ("Domains__Https__TrustedCertificateFile", Site.AuthorityFile)];

    public async Task InitializeAsync()
    {
        Set("web.test", "@", "A", "127.0.0.1");
        Site = await HttpsSite.Start("web.test", http => Answer(Token, http));
        Installation = await Installation.StartLab("lab",
        [
            .. Resolvers, .. Https, ("Domains__Https__AllowPrivateAddresses", "true"),
            ("Domains__Https__ConnectTimeoutSeconds", $"{GivenUpAfter}"), ("Domains__Https__TotalTimeoutSeconds", $"{GivenUpAfter}"),
        ]);
    }

    /// <summary>In both name servers, as a zone is that has been handed on.</summary>
    public void Set(string zone, string owner, string type, params IReadOnlyList<string> data)
    {
        First.SetMany(zone, owner, type, data);
        Second.SetMany(zone, owner, type, data);
    }

    public void Unset(string zone, string owner)
    {
        First.Unset(zone, owner);
        Second.Unset(zone, owner);
    }

    /// <summary>Its admin is signed in at once; answers with the organization's path.</summary>
    public async Task<string> SignIn(IPage page)
    {
        await page.Enter(Installation, "admin@lab.test");
        return $"/o/{await Installation.Query("select id from sites.organization where slug = 'lab'")}";
    }

    /// <summary>
    /// A product that nobody has set up yet, which asks the same name servers and trusts the same site, but was not allowed inner addresses.
    /// </summary>
    public Lazy<Task<Installation>> Bare { get; }

    public Lab() => Bare = new(() => Installation.Start("bare", demo: false, [.. Resolvers, .. Https]));

    /// <summary>Adds web.test, and has it looked at.</summary>
    public async Task VerifyOverHttps(IPage admin, string home)
    {
        await admin.AddDomain(home, "web.test");
        await admin.GetByRole(AriaRole.Link, new() { Name = "HTTPS" }).ClickAsync();
        await admin.Sees("https://web.test");
        Token = (await admin.Locator("#copy-token").InnerTextAsync()).Split('=', 2)[1];
        await admin.Click("Verify domain");
        await admin.Sees("Looked at over HTTPS");
    }

    public async Task DisposeAsync()
    {
        await Installation.DisposeAsync();
        if (Bare.IsValueCreated) await (await Bare.Value).DisposeAsync();
        await Site.DisposeAsync();
        First.Dispose();
        Second.Dispose();
    }
}

/// <summary>Whoever needs no demo shares the lab.</summary>
[CollectionDefinition(Name)]
public sealed class OneLab : ICollectionFixture<Lab>
{
    public const string Name = "One lab";
}
