// A person's profile beside the list that names the person, at its own address. Everything here is an extra: without it the link leads to
// the profile's page, as it does with another button of the mouse or a key held.
(() => {
  const profile = /^\/(?:o|s)\/[0-9a-f-]{36}\/(?:members|users)\/[0-9a-f-]{36}$/i;
  const here = location.pathname; // of the page that was loaded; while a sheet is open the address says another
  const isPerson = path => profile.test(path);
  // Whichever of the two lists the address is of.
  const personOf = link => link.pathname.split('/').at(-1);

  // Roles that were chosen and not saved.
  const isChanged = select => select.tagName === 'SELECT'
    && select.selectedIndex !== Math.max(0, [...select.options].findIndex(o => o.defaultSelected));
  let sent = new Map(); // what the form that is on its way says: what is chosen meanwhile is not saved
  document.addEventListener('submit', event => {
    if (event.target.dataset.unsaved) sent = new Map([...event.target.elements].filter(e => e.tagName === 'SELECT').map(s => [s, s.value]));
  }, true);
  const isUnsaved = e => sent.has(e) ? sent.get(e) !== e.value : isChanged(e);
  const unsaved = within => [...within?.querySelectorAll('form[data-unsaved]') ?? []]
    .find(form => [...form.elements].some(isUnsaved));
  addEventListener('beforeunload', event => { if (unsaved(document)) event.preventDefault(); });
  // On a person's own page the answer is another page: what is chosen until it comes is kept for that page, and for no later one.
  const keptAs = 'roles-chosen-meanwhile';
  try {
    const [path, chosen] = JSON.parse(sessionStorage.getItem(keptAs)) ?? [];
    sessionStorage.removeItem(keptAs);
    if (path === here) chosen.forEach(([name, value]) => {
      const select = [...document.querySelectorAll('select[form=roles]')].find(s => s.name === name);
      if ([...select?.options ?? []].some(o => o.value === value)) select.value = value;
    });
  } catch { /* a browser that keeps nothing */ }
  document.addEventListener('change', event => {
    if (!isPerson(here) || !sent.has(event.target)) return;
    const chosen = [...sent].filter(([select, value]) => select.value !== value).map(([select]) => [select.name, select.value]);
    try { sessionStorage.setItem(keptAs, JSON.stringify([here, chosen])); } catch { /* likewise */ }
  });
  if (isPerson(here) || !window.HTMLDialogElement) {
    // Loaded at a person's address that a list's sheet had pushed: what lies behind it in the history is another page.
    addEventListener('popstate', () => { if (location.pathname !== here) location.reload(); });
    return;
  }

  let dialog, row = null, wanted = 0, closing = false, moved = false, stays = false, outside = false;
  let list = location.href; // what lies behind an open sheet
  let shown = ''; // what an open sheet shows
  let posted = false; // something was sent from within, which the list may show
  const isOpen = () => !!dialog?.open && dialog.isConnected;
  // Another dialog may stand over the sheet: a question, or the palette.
  const isTop = () => isOpen() && !document.querySelector('dialog[open]:not(.sheet)');

  // On a page that is about somebody, what leads back to the profile leaves the page.
  const opens = link => isPerson(link.pathname) && !link.matches('.back') && !here.includes(personOf(link));
  const people = () => {
    const found = new Map();
    for (const link of document.querySelectorAll('main a[href]'))
      if (opens(link) && !found.has(personOf(link)) && link.getClientRects().length) found.set(personOf(link), link);
    return [...found.values()];
  };
  // The row may have been made anew since.
  const place = all => row ? all.findIndex(link => personOf(link) === personOf(row)) : -1;
  const focusRow = () => {
    const all = people();
    (all[place(all)] ?? all[0])?.focus({ preventScroll: true });
  };
  const off = () => { try { return localStorage.getItem('shortcuts') === 'off'; } catch { return false; } };

  // What was chosen and not saved is not left without a question.
  const question = words => new Promise(resolve => {
    const ask = document.createElement('dialog');
    ask.className = 'ask';
    ask.setAttribute('aria-labelledby', 'unsaved-title');
    ask.innerHTML = `<form method="dialog" class="ask-part"><h2 class="page-title" id="unsaved-title" tabindex="-1">Leave without
      saving?</h2><p></p><div class="btn-list"><button class="btn btn-primary" value="save">Save roles</button>
      <button class="btn btn-outline-danger" value="discard">Discard changes</button>
      <button class="btn btn-ghost" value="stay">Keep editing</button></div></form>`;
    ask.querySelector('p').textContent = words;
    ask.addEventListener('close', () => { ask.remove(); resolve(ask.returnValue); });
    document.body.append(ask);
    ask.showModal();
    ask.querySelector('h2').focus();
  });
  let asks = false;
  /** Does it at once, or once the question is answered so. */
  const leave = async then => {
    const form = isOpen() && unsaved(dialog);
    if (!form) { then(); return; }
    if (asks) return;
    asks = true;
    const answer = await question(form.dataset.unsaved);
    asks = false;
    if (answer === 'save') form.requestSubmit();
    if (answer === 'discard') { sent = new Map(); form.reset(); }
    if (answer === 'save' || answer === 'discard') then();
    else form.querySelector('button').focus();
  };
  const close = () => leave(() => dialog.close());

  const put = (html, path) => {
    // Of the same person, what else was sent or done takes no choice away.
    const chosen = isOpen() && dialog.dataset.path === path
      ? [...dialog.querySelectorAll('select[form=roles]')].filter(s => isChanged(s) || isUnsaved(s)).map(s => [s.name, s.value]) : [];
    if (!dialog?.isConnected) { // also after htmx has put back another body
      dialog = document.createElement('dialog');
      dialog.className = 'sheet';
      dialog.tabIndex = -1;
      dialog.autofocus = true;
      document.body.append(dialog);
      dialog.addEventListener('close', left);
      dialog.addEventListener('cancel', event => {
        if (event.target !== dialog) return;
        if (stays || unsaved(dialog)) event.preventDefault();
        if (!stays) close();
        stays = false;
      });
      // Beside the sheet: neither on its own empty parts, nor where text was marked from within.
      dialog.addEventListener('pointerdown', event => {
        outside = event.target === dialog && event.clientX < dialog.getBoundingClientRect().left;
      });
      dialog.addEventListener('click', event => { if (event.target === dialog && outside) close(); });
    }
    dialog.innerHTML = html;
    dialog.setAttribute('aria-label', dialog.querySelector('[data-profile]').dataset.profile);
    [dialog.dataset.path, dialog.dataset.behind] = [path, list];
    chosen.forEach(([name, value]) => {
      const select = [...dialog.querySelectorAll('select[form=roles]')].find(s => s.name === name);
      if ([...select?.options ?? []].some(o => o.value === value)) select.value = value;
    });
    dialog.scrollTop = 0;
    const all = people();
    const at = place(all);
    for (const [name, to] of [['previous', at - 1], ['next', at + 1]])
      dialog.querySelector(`[data-sheet=${name}]`).disabled = at < 0 || !all[to];
    dialog.querySelectorAll('[data-sheet-letters]').forEach(e => { e.hidden = off(); });
    globalThis.htmx?.process(dialog);
    // The last of the dialogs is the uppermost.
    if (!isOpen()) { document.body.append(dialog); dialog.showModal(); }
    else if (!dialog.contains(document.activeElement) && isTop()) dialog.focus();
    document.dispatchEvent(new Event('page:renewed'));
  };

  // What the answer is about: a profile's part stands at a profile's address.
  const isPart = (answer, html) => isPerson(new URL(answer.url).pathname) && html.includes('data-profile=');

  /** @param how "push" for the first, "replace" for the next in the same sheet, nothing where the address says it already. */
  const show = async (url, how) => {
    const asked = ++wanted;
    document.documentElement.setAttribute('data-waiting', '');
    try {
      const answer = await fetch(url, { headers: { 'HX-Request': 'true' } });
      const html = await answer.text();
      if (asked !== wanted) return;
      if (!isPart(answer, html)) { location.assign(url); return; }
      const to = new URL(answer.url);
      if (how === 'push') { list = location.href; history.pushState({ sheet: true }, '', to); }
      else history.replaceState({ sheet: true }, '', to);
      shown = to.href;
      put(html, to.pathname);
    } catch { if (asked === wanted) location.assign(url); } finally { document.documentElement.removeAttribute('data-waiting'); }
  };

  // The address goes back to the list's, which stands as it was left.
  const left = () => {
    wanted++;
    dialog.replaceChildren();
    if (history.state?.sheet) { closing = true; history.back(); }
    focusRow();
  };

  // The list shows what was done in the sheet: dialog.js makes the page behind anew.
  const renewList = () => {
    list = location.href;
    if (!posted) return;
    posted = false;
    const stale = new CustomEvent('page:stale', { detail: {} });
    document.dispatchEvent(stale);
    stale.detail.done?.then(() => { if (document.activeElement === document.body) focusRow(); }, () => { /* as it was */ });
  };

  addEventListener('popstate', () => {
    moved = false;
    if (location.pathname === here) {
      if (!isOpen() && !closing) return;
      if (isOpen() && unsaved(dialog) && !closing) {
        moved = !!history.state?.htmx;
        history.pushState({ sheet: true }, '', shown); // here until it is answered
        close();
        return;
      }
      [closing, moved] = [false, !!history.state?.htmx];
      setTimeout(() => { moved = false; }, 500);
      document.querySelector('dialog.ask[open]')?.close(); // a question about the person goes along
      if (isOpen()) dialog.close();
      renewList();
    } else if (isPerson(location.pathname)) {
      row = people().find(a => personOf(a) === personOf(location)) ?? null;
      show(location.href);
    } else location.reload();
  });
  // The list did not go, so it need not be fetched again, which would lose its choice and the focus: htmx is not told of the step, where
  // browsers tell it by the navigation, and is stopped where they do not.
  globalThis.navigation?.addEventListener('navigate', event => {
    const to = new URL(event.destination.url).pathname;
    if (event.navigationType === 'traverse' && (isPerson(to) || to === here && (isOpen() || closing))) event.stopImmediatePropagation();
  }, true);
  document.addEventListener('htmx:before:history:restore', event => {
    if (moved) event.preventDefault();
    moved = false;
  });

  const step = by => {
    const all = people();
    const at = place(all);
    const to = at < 0 ? null : all[at + by];
    if (to) leave(() => { row = to; show(to.href, 'replace'); });
  };

  document.addEventListener('click', event => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const button = event.target.closest?.('[data-sheet]');
    if (button && isOpen()) {
      if (button.dataset.sheet === 'close') close();
      else step(button.dataset.sheet === 'next' ? 1 : -1);
      return;
    }
    const link = event.target.closest?.('a[href]');
    if (!link || link.target || link.origin !== location.origin || !isPerson(link.pathname) || link.matches('.sheet-bar a')) return;
    const inside = isOpen() && dialog.contains(link);
    if (!inside && (!link.closest('main') || !opens(link))) return;
    event.preventDefault();
    if (inside) { leave(() => show(link.href, 'replace')); return; }
    row = people().find(a => personOf(a) === personOf(link)) ?? link;
    show(link.href, 'push');
  });

  document.addEventListener('submit', event => {
    if (isOpen() && dialog.contains(event.target) && event.target.method === 'post') posted = true;
  }, true);

  // A question that was asked over the sheet is answered: the sheet is what stands behind it.
  document.addEventListener('page:renew', event => {
    if (!isOpen()) return;
    posted = true;
    event.detail.done = show(location.href, 'replace').then(() => true);
  });

  // What is saved in the sheet stays there; what leads on, or is refused, is left to the page.
  document.addEventListener('submit', async event => {
    const form = event.target;
    if (event.defaultPrevented || !isOpen() || !dialog.contains(form) || form.method !== 'post') return;
    event.preventDefault();
    const path = dialog.dataset.path;
    const name = dialog.querySelector('[data-profile]').dataset.profile;
    const asked = ++wanted;
    const isLate = () => asked !== wanted || !isOpen(); // the next person is shown meanwhile, or none
    // Then it is said all the same, and where nobody is shown any more the list shows it.
    const tellLate = html => {
      const said = html && new DOMParser().parseFromString(html, 'text/html').querySelector('.notice');
      const event = new CustomEvent('notice:late', { detail: { notice: said, name, path } });
      document.dispatchEvent(event);
      if (!isOpen()) { posted = true; renewList(); }
    };
    try {
      const answer = await fetch(form.action, {
        method: 'POST', headers: { 'HX-Request': 'true' }, body: new URLSearchParams(new FormData(form, event.submitter)),
      });
      const html = await answer.text();
      if (isLate()) { tellLate(answer.redirected && isPart(answer, html) ? html : ''); return; }
      if (answer.redirected && isPart(answer, html)) {
        history.replaceState({ sheet: true }, '', answer.url);
        shown = answer.url;
        put(html, path);
        dialog.focus();
        return;
      }
      if (answer.redirected) { location.assign(answer.url); return; }
    } catch { if (isLate()) { tellLate(''); return; } }
    if (!isLate()) form.submit();
  });

  // A name stands in many places of the profile, and htmx is told to load it anew: the sheet does, over the list.
  document.addEventListener('htmx:before:response', event => {
    const { hx, sourceElement } = event.detail.ctx;
    if (!hx?.redirect || !isOpen() || !dialog.contains(sourceElement)) return;
    const to = new URL(hx.redirect, location.href);
    if (!isPerson(to.pathname)) return;
    event.preventDefault();
    show(to.href, 'replace');
  });

  // Esc leaves a detail as it was, or shuts a menu, before it shuts the sheet.
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !isTop()) { stays = false; return; }
    stays = !!event.target.closest?.('form[data-leave], details.dropdown[open]');
    // Browsers let no page stop a second Esc in a row once it closes a dialog.
    if (stays || event.target.matches('select') || !unsaved(dialog)) return;
    event.preventDefault();
    close();
  }, true);

  document.addEventListener('keydown', event => {
    if (!isTop() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || off()) return;
    if (event.target.closest?.('select, textarea, input, [contenteditable]')) return;
    if (event.key === 'j') step(1);
    else if (event.key === 'k') step(-1);
    else return;
    event.preventDefault();
  });
})();
