using System.Collections.Concurrent;
using Deque.AxeCore.Commons;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// What axe finds. In the small size it looks at whatever stands on no page that was looked at before: the menu, the frame, the hundredth row
/// of a list and a form of a kind that is known already are passed over, and a page without anything new needs no look at all. See <see cref="Shapes"/>.
/// </summary>
static class Reading
{
    /// <summary>
    /// axe itself. Its package's own way hands it over anew for each look, though a page that was looked at has it already;
    /// a window that looks at many pages gets it by <see cref="ReadsAll"/>, so that it is compiled once.
    /// </summary>
    static readonly Lazy<string> Axe = new(() =>
    {
        using var resource = typeof(AxeRunOptions).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    });

    /// <summary>
    /// A word for each element, which two have in common only when there is nothing that axe could find on the one and not on the other: the words of
    /// all that it stands in, its attributes, its colours and letters as they are drawn, whether it has a text, a label and what its attributes
    /// refer to, whether its name, its id and its place among the headings are as they should be. What axe asks of a page as a whole stands in the first word.
    /// </summary>
    const string Shapes = """
        () => {
          const hash = text => {
            let value = 0x811c9dc5;
            for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
            return (value >>> 0).toString(36);
          };
          const count = selector => Math.min(2, document.querySelectorAll(selector).length);
          const times = (list, word) => list.reduce((all, e) => { const w = word(e); all[w] = (all[w] ?? 0) + 1; return all; }, Object.create(null));
          const ids = times([...document.querySelectorAll('[id]')], e => e.id);
          const named = e => `${e.localName} ${e.role ?? ''} ${e.ariaLabel ?? (e.getAttribute('aria-labelledby') ?? '').split(/\s+/).map(id => document.getElementById(id)?.textContent).join()}`;
          const marks = e => e.matches('nav, aside, main, header, footer, section[aria-label], section[aria-labelledby], form[aria-label], form[aria-labelledby], [role]');
          const landmarks = times([...document.querySelectorAll('*')].filter(marks), named);
          const refers = ['aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'aria-errormessage', 'headers', 'for', 'list', 'form'];
          const anyValue = ['href', 'src', 'action', 'name', 'value', 'datetime', 'title', 'alt', 'placeholder', 'aria-label', 'aria-valuenow', 'aria-valuetext', 'max', 'maxlength', 'download', 'formaction'];
          const says = text => text.trim() !== '';
          const all = [];
          let heading = 0;
          const visit = (element, above) => {
            if (['script', 'style', 'link'].includes(element.localName)) return;
            const words = [above.word, element.localName];
            for (const { name, value } of element.attributes) {
              if (refers.includes(name)) words.push(name, value.split(/\s+/).map(id => ids[id] ?? 0).join());
              else if (name === 'id') words.push(name, ids[value]);
              else if (anyValue.includes(name) || name.startsWith('data-') || name.startsWith('hx-')) words.push(name, says(value));
              else words.push(name, value);
            }
            words.push(says(element.textContent), [...element.childNodes].some(n => n.nodeType === 3 && says(n.data)), element.childElementCount === 0);
            if (element.labels) words.push([...element.labels].some(l => says(l.textContent)));
            if (/^h[1-6]$/.test(element.localName)) words.push(heading, heading = element.localName[1]);
            if (marks(element)) words.push(landmarks[named(element)]);
            const s = getComputedStyle(element);
            words.push(s.color, s.backgroundColor, s.backgroundImage === 'none', s.fontSize, s.fontWeight, s.display, s.visibility, s.opacity, s.position, s.textDecorationLine);
            if (/auto|scroll/.test(s.overflow)) words.push(element.scrollHeight > element.clientHeight, element.scrollWidth > element.clientWidth);
            const one = { element, above, word: hash(words.join('|')), size: 1 };
            all.push(one);
            if (element.localName === 'svg') return;
            for (const child of element.children) visit(child, one);
          };
          visit(document.documentElement, { word: [innerWidth, says(document.title), ...['main', 'h1', '.skip', 'header', 'footer', 'nav', 'aside'].map(count)].join() });
          globalThis.shapes = all;
          return [...new Set(all.map(one => one.word))].join(' ');
        }
        """;

    /// <summary>
    /// How the page was shown, then a line for each obstacle, given the words that are new. Passed over are the largest parts that hold nothing new:
    /// each costs a question for each element. Only media are loaded ahead: no rule that is on reads style sheets.
    /// </summary>
    const string Look = """
        async fresh => {
          if (typeof axe !== 'object') return null;
          const context = { exclude: [] };
          if (fresh !== null) {
            const left = new Set(fresh.split(' '));
            const needed = new Set();
            for (const one of shapes) if (left.delete(one.word)) for (let at = one; at?.element && !needed.has(at); at = at.above) needed.add(at);
            for (const one of [...shapes].reverse()) if (!needed.has(one) && one.above.element) one.above.size += one.size;
            context.exclude = shapes.filter(one => !needed.has(one) && needed.has(one.above) && one.size > 5)
              .sort((a, b) => b.size - a.size).slice(0, 12).map(one => one.element);
          }
          const options = { resultTypes: ['violations'], preload: { assets: ['media'] } };
          const { violations } = await axe.run(context.exclude.length ? context : document, options);
          return [`${innerWidth} px, ${document.documentElement.getAttribute('data-bs-theme')}`,
            ...violations.map(v => `${v.id} at ${v.nodes.slice(0, 3).map(n => n.html).join(', ')}`)];
        }
        """;

    /// <summary>What was looked at by this run, and nothing found.</summary>
    static readonly ConcurrentDictionary<string, bool> Passed = new();

    /// <summary>For a window in which every page is looked at.</summary>
    public static Task ReadsAll(this IPage page) => page.AddInitScriptAsync(Axe.Value);

    /// <summary>What axe finds on the page, one line each.</summary>
    public static async Task<IReadOnlyList<string>> Obstacles(this IPage page)
    {
        string[] fresh = [];
        if (!Proof.Whole)
        {
            fresh = [.. (await page.EvaluateAsync<string>(Shapes)).Split(' ').Where(word => !Passed.ContainsKey(word))];
            if (fresh.Length == 0) return [];
        }
        var asked = Proof.Whole ? null : string.Join(' ', fresh);
        if (await page.EvaluateAsync<string[]?>(Look, asked) is not { } found)
        {
            await page.EvaluateAsync(Axe.Value);
            found = await page.EvaluateAsync<string[]>(Look, asked);
        }
        if (found.Length == 1) foreach (var word in fresh) Passed[word] = true;
        return [.. found.Skip(1).Select(obstacle => $"{found[0]}: {obstacle}")];
    }
}
