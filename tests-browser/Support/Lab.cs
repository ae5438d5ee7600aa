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

    /// <summary>Seconds for a page that never ends. The first look of a product compiles as it goes,
    /// and may take as many on a busy machine.</summary>
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

    public Task<string> SignIn(IPage page) => page.SignInAsAdmin("admin@lab.test");

    public async Task DisposeAsync()
    {
        await Installation.DisposeAsync();
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
