namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// The program itself on a database of its own, and a node in the test's process beside it. One for all tests of a class, because a start
/// takes three seconds of a core: each has organizations and people of its own.
/// </summary>
public sealed class RunningNode : IAsyncLifetime
{
    static int _names;

    readonly Uri _address = new(Ports.FreeAddress());

    public string Database { get; private set; } = null!;

    public TestInstallation Here { get; private set; } = null!;

    public HostProcess Program { get; private set; } = null!;

    /// <summary>For names that no other test has.</summary>
    public static int Number => Interlocked.Increment(ref _names);

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.Fresh(nameof(RunningNode), TestInstallation.Migrate);
        Here = TestInstallation.On(Database);
        Program = await Start(_address);
    }

    /// <summary>One more of the same installation, for who ends it.</summary>
    public async Task<HostProcess> Start(Uri address, params (string Name, string Value)[] settings)
    {
        var program = HostProcess.StartNode(Database, address.GetLeftPart(UriPartial.Authority), settings);
        using var client = new HttpClient { BaseAddress = address };
        await TestInstallation.Others(async () =>
        {
            try { return (await client.GetAsync("/health/ready")).IsSuccessStatusCode; }
            catch (HttpRequestException) { return false; }
        }, TimeSpan.FromMinutes(1), "the program does not answer");
        return program;
    }

    /// <summary>Somebody with cookies of their own, over the network.</summary>
    /// <param name="address">Of a program that <see cref="Start"/> has started; the shared one's when left out.</param>
    internal SiteVisitor Browser(Uri? address = null) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }, address: address ?? _address);

    public async Task DisposeAsync()
    {
        Program.Dispose();
        await Here.DisposeAsync();
        await TestDatabase.Drop(Database);
    }
}
