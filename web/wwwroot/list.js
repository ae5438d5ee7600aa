// Lists: which rows are chosen, the keys, and how somebody has lists look. Everything here is an extra: lists work without it.
(() => {
  const boxes = () => [...document.querySelectorAll('input[form=bulk][name=account]')];
  const of = name => document.querySelector(`[data-${name}]`);
  let last = null; // where a range begins
  let said = ''; // the place that was told last

  // The bar stands in the place of the toolbar while something is chosen.
  const paint = () => {
    const bar = of('chosen');
    const chosen = boxes().filter(b => b.checked).length;
    const all = of('check-all');
    if (all) {
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && !all.checked;
    }
    if (!bar) return;
    const which = of('which');
    which.disabled = false;
    if (chosen === 0) which.value = 'checked';
    const count = of('chosen-count');
    count.textContent = which.value === 'all' ? count.dataset.all : `${chosen} selected`;
    of('choose-all').hidden = which.value === 'all';
    if (bar.hidden !== (chosen === 0)) bar.hidden = chosen === 0;
    if (chosen === 0) bar.querySelectorAll('details[open]').forEach(d => { d.open = false; });
    else say(count.textContent);
  };

  const say = words => { const place = of('said'); if (place && place.textContent !== words) place.textContent = words; };

  const choose = (which, checked) => {
    which.forEach(b => { b.checked = checked; });
    of('which').value = 'checked';
    paint();
  };

  const nothing = () => {
    const inBar = of('chosen').contains(document.activeElement);
    choose(boxes(), false);
    say('Nothing selected');
    last = null;
    if (inBar) of('check-all')?.focus();
  };

  // What stands in noscript is parsed as elements where a page comes by script, and would be sent with the form.
  const tidy = () => {
    document.querySelectorAll('.list noscript').forEach(n => n.remove());
    last = last && (boxes().find(b => b.value === last.value) ?? null); // a part of the page may have been renewed between two clicks
    paint();
    const now = of('place')?.textContent ?? document.querySelector('#list .empty-title')?.textContent ?? '';
    if (said && now !== said) say(now);
    said = now;
  };
  tidy();
  addEventListener('pageshow', paint);
  ['htmx:after:swap', 'page:renewed'].forEach(moment => document.addEventListener(moment, tidy));

  document.addEventListener('click', event => {
    const box = event.target.closest?.('input[form=bulk][name=account]');
    if (box) {
      const all = boxes();
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      if (event.shiftKey && from >= 0) choose(all.slice(from, to + 1), box.checked);
      last = box;
    } else if (event.target.closest?.('[data-choose-all]')) {
      boxes().forEach(b => { b.checked = true; });
      of('which').value = 'all';
      paint();
      of('chosen').querySelector('[data-choose-none]').focus();
    } else if (event.target.closest?.('[data-choose-none]')) nothing();
  });

  document.addEventListener('change', event => {
    if (event.target.matches('[data-check-all]')) choose(boxes(), event.target.checked);
    else if (event.target.matches('input[form=bulk][name=account]')) choose([], true);
    else if (event.target.matches('[data-column], [data-density]')) look(event.target);
  });

  // What is chosen among the filters is applied at once, and the rows are what it was chosen for. Whoever goes through the choices with
  // the arrow keys, each of which chooses, is not interrupted.
  let byKeys = false;
  const fold = panel => {
    if (!panel?.open) return;
    const within = panel.contains(document.activeElement);
    panel.open = false;
    if (within) panel.querySelector('summary').focus();
  };
  document.addEventListener('pointerdown', () => { byKeys = false; }, true);
  document.addEventListener('keydown', event => {
    if (event.target.closest?.('.list-more')) byKeys = event.key !== 'Enter';
  }, true);
  // What was typed counts as changed once something else is pressed, which may stand in the panel.
  document.addEventListener('change', event => {
    if (!byKeys && !event.target.matches('input[type=text], input[type=search], input[type=number], input:not([type])'))
      fold(event.target.closest('details.list-more'));
  });
  document.addEventListener('submit', event => {
    if (event.target.id === 'filters') fold(event.target.querySelector('details.list-more'));
  });

  // From within a row j and k go through the rows, x chooses one; while something is typed they are letters (WCAG 2.1.4). Who switched
  // shortcuts off has none.
  const off = () => { try { return localStorage.getItem('shortcuts') === 'off'; } catch { return false; } };
  const typing = target => target.closest?.('select, textarea, [contenteditable], input:not([type=checkbox])');
  const reach = row => row.querySelector('a[href]') ?? row.querySelector('input, summary');

  document.addEventListener('keydown', event => {
    const list = document.getElementById('list');
    if (!list || document.querySelector('dialog[open]') || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && boxes().some(b => b.checked) && !typing(event.target)
      && !event.target.closest?.('details.dropdown, .row-menu')) { nothing(); return; }
    if (off() || typing(event.target) || event.target.closest?.('.row-menu') || !'jkx'.includes(event.key)) return;
    const rows = [...list.querySelectorAll('tbody tr')];
    const here = rows.findIndex(r => r.contains(document.activeElement));
    if (here < 0) return;
    if (event.key === 'x') {
      const box = rows[here]?.querySelector('input[name=account]');
      if (!box) return;
      box.checked = !box.checked;
      last = box;
      choose([], true);
    } else {
      const way = event.key === 'j' ? 1 : -1;
      let to = here + way;
      while (rows[to] && !reach(rows[to])) to += way;
      if (rows[to]) reach(rows[to]).focus();
    }
    event.preventDefault();
  });

  // How the list looks is remembered in a cookie, so that the page is made so from the start.
  const remember = (name, value) => {
    const age = value ? 31536000 : 0;
    document.cookie = `${name}=${value}; path=/; max-age=${age}; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
  };

  const look = async field => {
    const fields = field.closest('[data-list]');
    if (field.matches('[data-density]')) {
      remember('density', field.checked ? 'compact' : '');
      field.closest('.list').dataset.density = field.checked ? 'compact' : '';
      return;
    }
    remember(`hide-${fields.dataset.list}`,
      [...fields.querySelectorAll('[data-column]')].filter(f => !f.checked).map(f => f.dataset.column).join('.'));
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (!answer.ok || answer.redirected) { location.reload(); return; }
    const list = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('list');
    document.getElementById('list').replaceWith(list);
    globalThis.htmx?.process(list);
    tidy();
  };
})();
