using System.Collections.Concurrent;
using DirectoryPlatform.Tests.Browser.Pages;

namespace DirectoryPlatform.Tests.Browser.Hygiene;

/// <summary>What is on no page before somebody opens it: dialogs, menus, sheets, bars, and forms that were refused. They are found by what
/// opens them, so that no list has to be kept.</summary>
[Collection(SharedDemo.Name), Trait("Rule", "S9")]
public sealed class EveryDialogAndMenu(Furnished demo)
{
    const int Desk = 1280, Phone = 390;

    /// <summary>Milliseconds until what does not open counts as such, so that the others are told, too.</summary>
    const float Patient = 20_000;

    /// <summary>Small, each way has one kind in so many.</summary>
    const int Each = 12;

    /// <summary>
    /// What a document can open, by kind: an address without its ids for a dialog and a sheet, what stands in it for a menu. Of each kind
    /// the first. A form is one in which something must be written, so that it can be sent empty and nothing is done by it.
    /// </summary>
    const string Kinds = """
        const kindsOf = page => {
          const found = new Map();
          const add = (kind, e) => { if (!found.has(kind)) found.set(kind, e); };
          const pattern = e => {
            const to = e.getAttribute('href') ?? e.getAttribute('formaction') ?? `${e.name}=${e.value}`;
            return to.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '*').replace(/\?.*/, '').replace(/policy:.*/, 'policy');
          };
          const must = 'input[required]:not([type=radio], [type=checkbox], [type=file]), textarea[required]';
          for (const e of page.querySelectorAll('details'))
            add(`menu ${e.className} ${[...e.querySelectorAll('a, button')].map(pattern).join(' ')}`.slice(0, 300), e);
          for (const e of page.querySelectorAll('a[data-dialog]')) add(`dialog ${pattern(e)}`, e);
          for (const e of page.querySelectorAll('#list a[href]'))
            if (/^\/[os]\/\*\/(members|users)\/\*$/.test(pattern(e))) add(`sheet ${pattern(e)}`, e);
          for (const e of page.querySelectorAll('[data-row-menu]'))
            add(`row ${e.dataset.rowMenu.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '*')}`, e);
          for (const e of page.querySelectorAll('.list-deeds button[name]')) add(`many ${pattern(e)}`, e);
          for (const e of page.querySelectorAll('main form[method=post]'))
            if (e.querySelector(must)) add(`form ${pattern(e.querySelector(must))} of ${page.title}`, e);
          return found;
        };
        """;

    const string OfPage = "async path => {" + Kinds + """

          const html = await (await fetch(path, { headers: { accept: 'text/html' } })).text();
          return [...kindsOf(new DOMParser().parseFromString(html, 'text/html')).keys()];
        }
        """;

    /// <summary>Answers whether it could be opened: what is not shown at this width cannot.</summary>
    const string Open = "kind => {" + Kinds + """

          const e = kindsOf(document).get(kind);
          const [what] = kind.split(' ');
          if (!e) return false;
          if (e.closest('[data-chosen]')) {
            const box = document.querySelector('#list input[name=account]:enabled');
            if (!box) return false;
            if (!box.checked) box.click();
          }
          if (what === 'menu') {
            if (!e.querySelector('summary').checkVisibility()) return false;
            for (let at = e; at; at = at.parentElement) if (at.localName === 'details') at.open = true;
            e.scrollIntoView({ block: 'center' });
            e.dataset.opened = '';
          } else if (what === 'form') {
            e.noValidate = true;
            e.querySelectorAll('input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), textarea')
              .forEach(field => { field.value = ''; });
            e.requestSubmit(e.querySelector('button:not([type=button])'));
          } else e.click();
          return true;
        }
        """;

    /// <summary>Whether the dialog has a form in which something must be written; sends it empty.</summary>
    const string SendEmpty = """
        () => {
          const must = document.querySelector('dialog.ask[open] :is(input[required]:not([type=radio], [type=file]), textarea[required])');
          if (!must) return false;
          must.form.noValidate = true;
          if (must.type === 'checkbox') must.checked = false; else must.value = '';
          must.form.requestSubmit(must.form.querySelector('button:not([type=button])'));
          return true;
        }
        """;

    readonly record struct Way(ColorScheme Theme, int Width)
    {
        public override string ToString() => $"{Theme}, {Width} px";
    }

    [Fact]
    public async Task Can_be_read_by_everybody_in_light_and_dark_on_a_desk_and_on_a_phone()
    {
        var stops = demo.Stops;
        Way[] ways =
        [
            new(ColorScheme.Light, Desk), new(ColorScheme.Dark, Phone), new(ColorScheme.Dark, Desk), new(ColorScheme.Light, Phone),
        ];
        await Journey.Through(stops.Installation, async go =>
        {
            var reader = await go.Somebody(anew: true);
            await reader.Enter(stops.Installation);
            await reader.GotoAsync("/account");
            var kinds = new Dictionary<string, string>();
            foreach (var path in Stops.All.Where(s => s.SignedIn).Select(s => stops.Path(s.Path)))
                foreach (var kind in await reader.EvaluateAsync<string[]>(OfPage, path))
                    kinds.TryAdd(kind, path);
            foreach (var (what, least) in (IReadOnlyList<(string, int)>)[
                ("menu", 15), ("dialog", 30), ("sheet", 2), ("row", 2), ("many", 5), ("form", 20)])
                kinds.Keys.Count(k => k.StartsWith($"{what} ", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(least, what);

            var (faults, opened) = (new ConcurrentQueue<string>(), new ConcurrentDictionary<string, int>());
            var left = new ConcurrentQueue<(Way, List<KeyValuePair<string, string>>)>(ways.Select((way, turn) =>
                (way, kinds.Where((_, i) => Proof.Whole || i % Each == turn * Each / ways.Length).ToList())));
            await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
            {
                while (left.TryDequeue(out var next))
                {
                    var (way, those) = next;
                    var page = await go.Somebody(width: way.Width, theme: way.Theme, anew: true);
                    await page.Enter(stops.Installation);
                    await page.ReadsAll();
                    page.SetDefaultTimeout(Patient);
                    foreach (var (kind, path) in those)
                        foreach (var fault in await Look(page, kind, path, opened)) faults.Enqueue($"{way}: {path}: {kind}: {fault}");
                }
            }));
            faults.ShouldBeEmpty(string.Join('\n', faults));
            if (Proof.Whole) kinds.Keys.Except(opened.Keys).ShouldBeEmpty("nothing opens them at any width");
        });
    }

    async Task<IReadOnlyList<string>> Look(IPage page, string kind, string path, ConcurrentDictionary<string, int> opened)
    {
        var found = new List<string>();
        // What is asked again after a quarter of an hour would hide what it stands before.
        await demo.Stops.Installation.Query("update security.session set proved_at = now() returning 1");
        await page.GotoAsync(path);
        if (!await page.EvaluateAsync<bool>(Open, kind)) return found;
        opened.AddOrUpdate(kind, 1, (_, times) => times + 1);
        try
        {
            await LookAt(kind.Split(' ')[0]);
        }
        catch (TimeoutException never)
        {
            found.Add(never.Message.Replace('\n', ' '));
        }
        return found;

        async Task LookAt(string what)
        {
            if (what is "menu")
            {
                // What stands below it is hidden in part, and has nothing to do with it.
                await Judge("[data-opened]");
                return;
            }
            if (what is "row")
            {
                await page.Locator(".row-menu:popover-open").WaitForAsync();
                await Judge(".row-menu");
                return;
            }
            if (what is "form")
            {
                await page.Locator("[aria-invalid=true]").First.WaitForAsync();
                await Judge();
                return;
            }
            var dialog = page.Locator(what is "sheet" ? "dialog.sheet[open]" : "dialog.ask[open]");
            // A deed on many may lead to a page of its own.
            await (what is "many" ? dialog.Or(page.Locator("body:not(:has([data-chosen]))")) : dialog).First.WaitForAsync();
            await Judge();
            foreach (var tab in await dialog.Locator(".profile .tabs a:not([aria-current=true])").AllInnerTextsAsync())
            {
                await dialog.Locator(".tabs a").Filter(new() { HasText = tab }).ClickAsync();
                await dialog.Locator(".tabs a[aria-current=true]").Filter(new() { HasText = tab }).WaitForAsync();
                await Judge();
            }
            if (what is "sheet" || !await page.EvaluateAsync<bool>(SendEmpty)) return;
            await dialog.Locator("[aria-invalid=true]").First.WaitForAsync();
            await Judge();
        }

        async Task Judge(string? within = null)
        {
            found.AddRange(await page.Obstacles(within));
            found.AddRange(await page.CutOff(within));
            if (await page.TooWide() is { } wide) found.Add($"the width is not enough for {wide}");
        }
    }
}
