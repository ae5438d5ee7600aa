using System.Collections.Concurrent;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// A journey through the browser. When it fails, a picture of every open page lies in the temporary folder, and the failure says where.
/// When it succeeds, nothing may have gone wrong unseen: no error on a console, nothing refused by the content policy, no file missing, no
/// request to another host.
/// </summary>
public sealed class Journey : IAsyncDisposable
{
    readonly List<Window> _windows = [], _ownWindows = [];
    bool _failed;
    readonly ConcurrentQueue<string> _faults = [];
    readonly Installation _installation;

    /// <summary>Other hosts that this journey leads to on purpose.</summary>
    public HashSet<string> Leads { get; } = [];

    Journey(Installation installation) => _installation = installation;

    public static async Task Through(Installation installation, Func<Journey, Task> steps)
    {
        await using var journey = new Journey(installation);
        try
        {
            await steps(journey);
            journey._faults.ShouldBeEmpty();
        }
        catch (Exception failed)
        {
            journey._failed = true;
            throw new Xunit.Sdk.XunitException($"{Short(failed.Message)}\n{Line(failed)}\n{await journey.Pictures()}");
        }
    }

    /// <summary>In organizations of its own, in the product that all such journeys share.</summary>
    public static async Task Through(Func<Journey, World, Task> steps)
    {
        var world = await World.Make();
        await Through(world.Installation, go => steps(go, world));
    }

    /// <summary>Somebody at a browser of their own: no cookie is shared with anybody else.</summary>
    public async Task<IPage> Somebody(bool script = true, int width = 1280, ColorScheme theme = ColorScheme.Light, bool anew = false)
    {
        var window = await Window.Open(this, _installation, script, width, theme, anew);
        (anew ? _ownWindows : _windows).Add(window);
        return window.Page;
    }

    internal void Heard(IConsoleMessage message)
    {
        // A page that refuses is answered with 4xx, which the console tells as an error of its own.
        if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            _faults.Enqueue($"console of {message.Page?.Url}: {message.Text}");
    }

    internal void Heard(IWebError error) => _faults.Enqueue($"script of {error.Page?.Url}: {error.Error}");

    internal void Heard(IRequest request)
    {
        if (new Uri(request.Url) is { Scheme: "http" or "https" } to && to.Authority != _installation.Address.Authority
            && !Leads.Contains(to.Authority))
            _faults.Enqueue($"asks another host: {request.Url}");
    }

    internal void Heard(IResponse response)
    {
        if (response.Status >= 500 || (response.Status >= 400 && response.Request.ResourceType is not ("document" or "fetch" or "xhr")))
            _faults.Enqueue($"{response.Status} {response.Url}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var window in _ownWindows) await window.Close();
        foreach (var window in _windows) await (_failed ? window.Close() : window.HandOn());
    }

    /// <summary>Without the whole page, which stands in the picture.</summary>
    static string Short(string message)
    {
        var snapshot = message.IndexOf("Aria snapshot", StringComparison.Ordinal);
        var told = snapshot < 0 ? message : message[..snapshot];
        return told.Length > 2000 ? told[..2000] : told;
    }

    /// <summary>Where in the journey it failed.</summary>
    static string? Line(Exception failed) =>
        failed.StackTrace?.Split('\n').Where(line => line.Contains("/tests-browser/", StringComparison.Ordinal))
            .Select(line => line[(line.LastIndexOf('/') + 1)..].Trim()).Aggregate("", (all, line) => $"{all} < {line}");

    async Task<string> Pictures()
    {
        var told = new List<string>(_faults);
        foreach (var page in _windows.Concat(_ownWindows).SelectMany(w => w.Pages))
        {
            var file = Path.Combine(Path.GetTempPath(), $"journey-{Guid.NewGuid():N}.png");
            try
            {
                await page.ScreenshotAsync(new() { Path = file, FullPage = true, Timeout = 5_000 });
                var focused = await page.EvaluateAsync<string>("document.activeElement?.outerHTML.slice(0, 300) ?? 'nothing'");
                told.Add($"{page.Url} looked like {file}, with the focus on {focused}");
            }
            catch (Exception gone) when (gone is PlaywrightException or TimeoutException) { told.Add($"{page.Url} could not be pictured"); }
        }
        return string.Join('\n', told);
    }
}
