// The palette (Ctrl K), and keys that lead somewhere. Everything here is an extra: without it the search of the top bar is a form.
(() => {
  const form = document.querySelector('.find');
  let palette = null; // made when first wanted
  let input, hits;
  let asked = 0;
  let timer;
  let shown = null; // the text whose hits are shown

  const links = () => [...hits.querySelectorAll('a')];
  const current = () => hits.querySelector('[aria-selected=true]');

  const choose = link => {
    current()?.setAttribute('aria-selected', 'false');
    if (link) {
      link.setAttribute('aria-selected', 'true');
      link.scrollIntoView({ block: 'nearest' });
    }
    input.setAttribute('aria-activedescendant', link?.id ?? '');
  };

  const find = async () => {
    const mine = ++asked;
    const text = input.value;
    const address = `${form.getAttribute('action')}?q=${encodeURIComponent(text)}`;
    try {
      const answer = await fetch(address, { headers: { 'HX-Request': 'true' } });
      if (mine !== asked) return;
      if (answer.status === 401 || answer.redirected) { location.assign(address); return; }
      if (!answer.ok) return; // the next letter asks again
      const part = new DOMParser().parseFromString(await answer.text(), 'text/html').body;
      if (mine !== asked) return;
      hits.replaceChildren(...part.childNodes);
      hits.querySelectorAll('section').forEach(s => s.setAttribute('role', 'group'));
      hits.querySelectorAll('h2, ul, li').forEach(e => e.setAttribute('role', 'presentation'));
      links().forEach((link, i) => {
        link.id = `hit-${i}`;
        link.tabIndex = -1;
        link.setAttribute('role', 'option');
        link.setAttribute('aria-selected', 'false');
      });
      // A list box without options is none.
      const any = links().length > 0;
      if (any) hits.setAttribute('role', 'listbox'); else hits.removeAttribute('role');
      if (any) hits.setAttribute('aria-label', 'Found'); else hits.removeAttribute('aria-label');
      input.setAttribute('aria-expanded', any);
      choose(links()[0]);
      shown = text;
    } catch { /* the next letter asks again */ }
  };

  const make = () => {
    palette = document.createElement('dialog');
    palette.className = 'palette';
    palette.setAttribute('aria-label', 'Find');
    input = document.createElement('input');
    input.className = 'palette-input';
    for (const [name, value] of Object.entries({
      type: 'search', role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'aria-expanded': 'false', 'aria-controls': 'palette-hits',
      'aria-autocomplete': 'list', 'aria-label': 'Find people, groups, pages, actions', placeholder: 'Find people, groups, pages, actions',
    })) input.setAttribute(name, value);
    hits = document.createElement('div');
    hits.id = 'palette-hits';
    hits.className = 'hits';
    hits.setAttribute('role', 'presentation'); // a list box has something in it
    palette.append(input, hits);
    document.body.append(palette);

    input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(find, 120); });
    input.addEventListener('keydown', event => {
      const all = links();
      const at = all.indexOf(current());
      if (event.key === 'ArrowDown') choose(all[(at + 1) % all.length]);
      else if (event.key === 'ArrowUp') choose(all[(at + all.length - 1) % all.length]);
      else if (event.key === 'Enter') {
        clearTimeout(timer);
        if (shown === input.value) current()?.click(); else find().then(() => { if (shown === input.value) current()?.click(); });
      }
      else if (event.key === 'Escape') palette.close(); // the field would be emptied first
      else return;
      event.preventDefault();
    });
    hits.addEventListener('pointermove', event => {
      const link = event.target.closest('a');
      if (link && link !== current()) choose(link);
    });
    // Closed first, so that whatever opens next stands over the page; before others hear of the click.
    palette.addEventListener('click', event => {
      if (event.target === palette || (event.target.closest('a') && !event.ctrlKey && !event.metaKey)) palette.close();
    });
  };

  const open = text => {
    if (!form || document.querySelector('dialog.ask[open]')) return;
    if (!palette?.isConnected) make();
    input.value = text;
    // The last of the dialogs is the uppermost.
    if (!palette.open) { document.body.append(palette); palette.showModal(); }
    input.focus();
    find();
  };

  // The bar's own field leads into the palette, where there is more room.
  form?.addEventListener('click', event => { event.preventDefault(); open(''); });
  form?.addEventListener('input', event => { const text = event.target.value; event.target.value = ''; open(text); });
  document.querySelector('.find-link')?.addEventListener('click', event => { event.preventDefault(); open(''); });

  const off = () => { try { return localStorage.getItem('shortcuts') === 'off'; } catch { return false; } };
  const typing = target => target.closest?.('select, textarea, [contenteditable], input:not([type=checkbox], [type=radio])');
  const places = {
    o: 'members/overview', m: 'members', u: 'users', g: 'groups', d: 'domains', s: 'sites', p: 'policies', a: 'audit-log', j: 'jobs',
  };
  let went = -Infinity; // when g was pressed: in milliseconds since the page began, so 0 is a moment like any other

  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (palette?.open) palette.close(); else open('');
      return;
    }
    if (off() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)
      || document.querySelector('dialog[open]')) return;
    const place = event.timeStamp - went < 1500 ? places[event.key] : null;
    went = -Infinity;
    if (place) document.querySelector(`.side a[href$="/${place}"]`)?.click();
    else if (event.key === 'g') { went = event.timeStamp; return; }
    else if (event.key === '/') {
      const search = document.querySelector('#main input[type=search]');
      if (search) { search.focus(); search.select(); } else open('');
    } else if (event.key === '?') document.querySelector('.top a[href="/shortcuts"]')?.click();
    else return;
    event.preventDefault();
  });

  // The switch for keys of a single letter.
  const show = () => document.querySelectorAll('[data-shortcuts]').forEach(place => {
    place.hidden = false;
    place.querySelector('input').checked = !off();
  });
  ['DOMContentLoaded', 'page:renewed'].forEach(moment => document.addEventListener(moment, show));
  document.addEventListener('change', event => {
    if (!event.target.closest('[data-shortcuts]')) return;
    try { localStorage.setItem('shortcuts', event.target.checked ? 'on' : 'off'); } catch { /* as it was */ }
    show();
  });
})();
