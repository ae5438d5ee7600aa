namespace DirectoryPlatform.Tests.Support;

/// <summary>One browser for the whole run; every person in a test gets a context of their own. It ends with the process.</summary>
static class Chromium
{
    /// <summary>The engine without the windows around it: drawing those took more of a core than the pages.</summary>
    const string Shell = "/usr/bin/chromium-headless-shell";

    /// <summary>
    /// A page is gone before it pays to compile its scripts a second time, and before its memory pays to be tidied: a look by axe
    /// takes half the time so (measured: 520 and 230 ms on two busy cores).
    /// </summary>
    const string Engine = "--js-flags=--no-opt,--no-maglev,--no-flush-bytecode,--min-semi-space-size=32";

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
                Engine,
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }
}
