namespace DirectoryPlatform.Tests.Support;

/// <summary>One browser for the whole run; every person in a test gets a context of their own. It ends with the process.</summary>
static class Chromium
{
    /// <summary>The engine without the windows around it: drawing those took more of a core than the pages.</summary>
    const string Shell = "/usr/bin/chromium-headless-shell";

    static readonly Lazy<Task<IBrowser>> Running = new(Start);

    public static Task<IBrowser> Browser => Running.Value;

    static async Task<IBrowser> Start()
    {
        Assertions.SetDefaultExpectTimeout(Patience.Milliseconds);
        var playwright = await Playwright.CreateAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => playwright.Dispose();
        return await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? Shell,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }
}
