namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>What a page is made of, read without drawing it, in a tenth of the time.</summary>
/// <param name="Route">Its name.</param>
/// <param name="Parts">Each kind of element that it has, by tag, type and role, and each class of each tag.</param>
/// <param name="Classes">All that its elements have.</param>
/// <param name="Faults">What its markup alone tells: one heading of the first level, a title, ids once,
/// labels and names for what can be operated.</param>
/// <param name="Posts">Where its forms post to, with the handler, where one is named.</param>
sealed record Markup(string Route, string Path, IReadOnlySet<string> Parts, IReadOnlyList<string> Classes, IReadOnlyList<string> Faults,
    IReadOnlyList<string> Posts)
{
    const string Script = """
        async ([path, given]) => {
          const html = given ?? await (await fetch(path, { headers: { accept: 'text/html' } })).text();
          const page = new DOMParser().parseFromString(html, 'text/html');
          const all = selector => [...page.querySelectorAll(selector)];
          const kinds = e => {
            const kind = [e.localName, e.getAttribute('type'), e.getAttribute('role')].filter(Boolean).join('.');
            return [kind, ...[...e.classList].map(name => `${e.localName}.${name}`)];
          };
          const told = e => e.outerHTML.replace(/\s+/g, ' ').slice(0, 120);
          const faults = [];
          if (all('h1').length !== 1) faults.push(`${all('h1').length} h1`);
          if (page.title.replace('· DirectoryPlatform', '').trim().length < 3) faults.push('no title');
          for (const [id, those] of Object.entries(Object.groupBy(all('[id]'), e => e.id)))
            if (those.length > 1) faults.push(`${those.length} elements have the id ${id}`);
          for (const name of ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'list'])
            for (const e of all(`[${name}]`))
              for (const id of e.getAttribute(name).split(/\s+/))
                if (id && !page.getElementById(id)) faults.push(`${name} points at ${id}, which is not there`);
          const named = e => e.getAttribute('aria-label')?.trim() || e.hasAttribute('aria-labelledby') || e.title;
          for (const e of all('input:not([type=hidden], [type=submit]), select, textarea'))
            if (!named(e) && !e.closest('label') && !all('label[for]').some(l => l.htmlFor === e.id))
              faults.push(`${told(e)} has no label`);
          for (const e of all('a[href], button, summary'))
            if (!named(e) && !e.textContent.trim() && !e.querySelector('img[alt]:not([alt=""]), svg title'))
              faults.push(`${told(e)} has no name`);
          for (const e of all('img:not([alt])')) faults.push(`${told(e)} has no text in its place`);
          const posts = [...all('form[method=post]').map(f => f.getAttribute('action')), ...all('[formaction]')
            .map(b => b.getAttribute('formaction'))].map(to => new URL(to || path, location.origin))
            .map(to => to.pathname + (to.searchParams.has('handler') ? `?handler=${to.searchParams.get('handler')}` : ''));
          const seen = all('body *').filter(e => !e.parentElement.closest('svg'));
          return [[...new Set(seen.flatMap(kinds))], [...new Set(seen.flatMap(e => [...e.classList]))], faults, posts];
        }
        """;

    /// <param name="reader">Somewhere in the product, with the cookies of whoever reads.</param>
    public static Task<Markup> Of(IPage reader, string route, string path) => Read(reader, route, path, null);

    /// <summary>Of a text that no address answers with.</summary>
    public static Task<Markup> Read(IPage reader, string route, string html) => Read(reader, route, "", html);

    static async Task<Markup> Read(IPage reader, string route, string path, string? html)
    {
        var found = await reader.EvaluateAsync<string[][]>(Script, new[] { path, html });
        return new(route, path, found[0].ToHashSet(), found[1], found[2], found[3]);
    }

    /// <summary>Few pages that have among them every part which any has:
    /// first the one with most, then always the one that adds most.</summary>
    public static IReadOnlyList<Markup> ThatShowEverything(IReadOnlyCollection<Markup> pages)
    {
        var (missing, chosen) = (pages.SelectMany(p => p.Parts).ToHashSet(), new List<Markup>());
        while (missing.Count > 0)
        {
            chosen.Add(pages.MaxBy(p => p.Parts.Count(missing.Contains))!);
            missing.ExceptWith(chosen[^1].Parts);
        }
        return chosen;
    }
}
