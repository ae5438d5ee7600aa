using System.Collections.Concurrent;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// A browser's window with cookies and memory of its own. To open one costs as much as to load six pages, for the process behind it
/// (measured: 570 and 110 ms of processor time), so it is handed on from one journey to the next, without what the one before left in it.
/// </summary>
sealed class Window
{
    static readonly ConcurrentDictionary<(Installation, bool Script), ConcurrentBag<Window>> Free = [];

    readonly Installation _installation;
    readonly IBrowserContext _context;
    readonly bool _script;
    Journey? _journey;

    Window(Installation installation, bool script, IBrowserContext context) =>
        (_installation, _script, _context) = (installation, script, context);

    public IPage Page { get; private set; } = null!;

    public IReadOnlyList<IPage> Pages => _context.Pages;

    /// <param name="journey">Hears of what goes wrong in it.</param>
    /// <param name="anew">Not one that somebody had before, and nobody has it later.</param>
    public static async Task<Window> Open(Journey journey, Installation installation, bool script, int width, ColorScheme theme, bool anew)
    {
        var window = !anew && FreeOf(installation, script).TryTake(out var free) ? free : await Make(installation, script);
        window._journey = journey;
        await window.Page.SetViewportSizeAsync(width, 900);
        await window.Page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        return window;
    }

    static ConcurrentBag<Window> FreeOf(Installation installation, bool script) => Free.GetOrAdd((installation, script), _ => []);

    static async Task<Window> Make(Installation installation, bool script)
    {
        var context = await (await Chromium.Browser).NewContextAsync(new()
        {
            BaseURL = installation.Address.ToString(),
            JavaScriptEnabled = script,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience.Milliseconds);
        var window = new Window(installation, script, context);
        context.Console += (_, message) => window._journey?.Heard(message);
        context.WebError += (_, error) => window._journey?.Heard(error);
        context.Request += (_, request) => window._journey?.Heard(request);
        context.Response += (_, response) => window._journey?.Heard(response);
        window.Page = await context.NewPageAsync();
        return window;
    }

    /// <summary>For the next journey; closed where it cannot be as new.</summary>
    public async Task HandOn()
    {
        try
        {
            var here = Page.Url.StartsWith(_installation.Address.ToString(), StringComparison.Ordinal);
            if (Pages.Count == 1 && here)
            {
                if (_script) await Page.EvaluateAsync("() => { localStorage.clear(); sessionStorage.clear(); }");
                _journey = null;
                await Page.GotoAsync("about:blank");
                await _context.ClearCookiesAsync();
                FreeOf(_installation, _script).Add(this);
                return;
            }
        }
        catch (Exception left) when (left is PlaywrightException or TimeoutException) { } // It is on its way to somewhere.
        await Close();
    }

    public async Task Close()
    {
        _journey = null;
        await _context.DisposeAsync();
    }

    /// <summary>When a product ends, so do its windows.</summary>
    public static async Task CloseAll(Installation installation)
    {
        foreach (var script in (bool[])[true, false])
            while (FreeOf(installation, script).TryTake(out var window))
                await window.Close();
    }
}
