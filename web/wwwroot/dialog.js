// Pages in a dialog over the page behind, what was done as a toast, and the page behind made anew in its place. Everything here is an
// extra: without it links lead to pages, and notices stand on them.
(() => {
  const parse = text => new DOMParser().parseFromString(text, 'text/html');
  const main = () => document.getElementById('main');
  let dialog = null; // made when first wanted
  let part = null; // what it shows
  let at = ''; // the address of that
  let opener = null;

  // Toasts stand above all else: in the uppermost dialog where one is open, since nothing else can be reached then.
  const place = document.createElement('div');
  place.className = 'toasts';
  place.setAttribute('role', 'status');
  const above = () => {
    const dialogs = [...document.querySelectorAll('dialog[open]')];
    const home = dialogs.at(-1) ?? document.body;
    if (place.parentNode !== home) home.append(place);
  };

  const toast = notice => {
    notice.removeAttribute('role');
    notice.querySelector('[data-dismiss]').hidden = false;
    above();
    place.append(notice);
    let timer;
    const go = () => { clearTimeout(timer); timer = setTimeout(() => notice.remove(), notice.querySelector('a') ? 16000 : 8000); };
    const stay = () => clearTimeout(timer);
    ['pointerenter', 'focusin'].forEach(kind => notice.addEventListener(kind, stay));
    ['pointerleave', 'focusout'].forEach(kind => notice.addEventListener(kind, go));
    notice.querySelector('[data-dismiss]').addEventListener('click', () => { stay(); notice.remove(); });
    go();
  };

  // Of somebody whose sheet is shut, or shows another person by now. Without a notice nothing was saved, and the profile says why.
  document.addEventListener('notice:late', event => {
    const { notice, name, path } = event.detail;
    const words = document.createElement('a');
    words.className = 'alert-link';
    words.href = path;
    words.textContent = name;
    const shown = notice ? document.importNode(notice, true) : document.createElement('div');
    if (!notice) {
      shown.className = 'alert alert-danger notice';
      shown.innerHTML = '<div class="notice-words">What you changed was not saved: </div>'
        + '<button type="button" class="btn btn-ghost notice-dismiss" data-dismiss hidden>Dismiss</button>';
      shown.firstChild.append(words);
    }
    toast(shown);
  });

  // What an address is about: the last id behind that of the organization or the site.
  const about = address => new URL(address, location.href).pathname.match(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi)?.slice(1).at(-1);

  // Toasts that offer something about the same, such as "Undo".
  const offered = address => {
    const thing = about(address);
    if (!thing) return [];
    const offers = notice => [...notice.querySelectorAll('a[href], form[action]')];
    const leads = offer => about(offer.getAttribute('href') ?? offer.getAttribute('action')) === thing;
    const done = [...place.querySelectorAll(':scope > :not(.alert-danger)')];
    return done.filter(notice => offers(notice).some(leads));
  };

  // What went wrong stays where it stands.
  const toasts = within => within.querySelectorAll(':scope > .notice[role=status]').forEach(toast);

  // Of forms whose choices are not left without a question.
  const selects = within => [...within.querySelectorAll('form[data-unsaved]')].flatMap(form => [...form.elements])
    .filter(e => e.tagName === 'SELECT');

  // The page behind as it is now. What is chosen, saved or not, what is open and how far it is scrolled stay.
  const renew = async () => {
    // A person's sheet may stand between: it makes itself anew, and the page once it is shut.
    const asked = new CustomEvent('page:renew', { detail: {} });
    document.dispatchEvent(asked);
    if (asked.detail.done) return asked.detail.done;
    let page = null;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      page = answer.ok && !answer.redirected ? parse(await answer.text()) : null;
    } catch { /* as for a page that is not there */ }
    const fresh = page?.getElementById('main');
    if (!fresh) return false;
    const now = main();
    const chosen = [...now.querySelectorAll('input[name=account]:checked')].map(b => b.value);
    const which = now.querySelector('[data-which]')?.value;
    const unsaved = selects(now).filter(s => s.selectedIndex !== Math.max(0, [...s.options].findIndex(o => o.defaultSelected)))
      .map(s => [s.name, s.value]);
    const focus = document.activeElement?.id;
    now.replaceChildren(...fresh.childNodes);
    document.querySelector('.side')?.replaceWith(page.querySelector('.side') ?? '');
    document.title = page.title;
    now.querySelectorAll('input[name=account]').forEach(b => { b.checked = chosen.includes(b.value); });
    if (which) now.querySelectorAll('[data-which]').forEach(w => { w.value = which; });
    unsaved.forEach(([name, value]) => {
      const select = selects(now).find(s => s.name === name);
      if ([...select?.options ?? []].some(o => o.value === value)) select.value = value;
    });
    globalThis.htmx?.process(now);
    document.dispatchEvent(new Event('page:renewed'));
    if (focus && document.activeElement === document.body) document.getElementById(focus)?.focus({ preventScroll: true });
    toasts(now);
    return true;
  };

  // Ids of the part, where the page behind has the same.
  const own = () => {
    const taken = id => [...document.querySelectorAll(`#${CSS.escape(id)}`)].some(e => !part.contains(e));
    part.querySelectorAll('[id]').forEach(e => {
      if (!taken(e.id)) return;
      const [before, now] = [e.id, `ask-${e.id}`];
      e.id = now;
      ['for', 'form', 'list', 'data-copy', 'aria-labelledby', 'aria-describedby', 'aria-controls'].forEach(name =>
        part.querySelectorAll(`[${name}~="${CSS.escape(before)}"]`).forEach(user =>
          user.setAttribute(name, user.getAttribute(name).split(' ').map(id => id === before ? now : id).join(' '))));
    });
  };

  const make = () => {
    dialog = document.createElement('dialog');
    dialog.className = 'ask';
    dialog.setAttribute('aria-labelledby', 'ask-title');
    document.body.append(dialog);
    // A secret that is shown once is not lost by one key.
    dialog.addEventListener('cancel', event => { if (event.target === dialog && part?.dataset.once) event.preventDefault(); });
    dialog.addEventListener('close', async event => {
      if (event.target !== dialog || dialog.open) return;
      const once = part?.dataset.once;
      part = null;
      dialog.replaceChildren();
      above();
      back();
      if (once) await renew();
    });
  };

  // To what it was opened from: or to what stands in its place, or to the menu that it stood in.
  const back = () => {
    const same = e => (e.dataset.rowMenu ?? e.href) === (opener.dataset.rowMenu ?? (opener.href || null));
    const link = !opener || opener.isConnected ? opener
      : [...document.querySelectorAll('dialog.sheet[open] a, #main a, #main [data-row-menu]')].find(same);
    const seen = link?.checkVisibility() ? link : link?.closest('details')?.querySelector('summary');
    (seen?.isConnected ? seen : document.querySelector('dialog.sheet[open]') ?? main()).focus({ preventScroll: true });
  };

  const show = (fresh, sent) => {
    if (!dialog?.isConnected) make();
    part = fresh;
    dialog.replaceChildren(part);
    own();
    const title = part.querySelector('.page-title');
    if (title) title.id = 'ask-title';
    if (sent && !part.querySelector('form')) part.dataset.once = 'true';
    // The last of the dialogs is the uppermost.
    if (!dialog.open) { document.body.append(dialog); dialog.showModal(); }
    globalThis.htmx?.process(part);
    document.dispatchEvent(new Event('page:renewed'));
    // Not on the button, which would be pressed by the key that opened it.
    (part.querySelector('[aria-invalid=true]') ?? part.querySelector('[autofocus]') ?? title)?.focus();
  };

  const go = address => { if (address === location.href) location.reload(); else location.assign(address); };

  // Asks for an address, and shows what comes, or leads on.
  /** @param home The address that, where no dialog is open, belongs to the page behind as well. */
  let asked = 0;
  const ask = async (address, sent, home) => {
    const mine = ++asked;
    let answer;
    try {
      answer = await fetch(address, { ...sent, headers: { 'HX-Request': 'true', 'X-Dialog': 'true', accept: 'text/html' } });
    } catch {
      if (!sent) { location.assign(address); return; }
      failed();
      return;
    }
    // Late: something else was opened meanwhile. What is shown once stays until it is closed.
    if (!sent && (mine !== asked || part?.dataset.once)) return;
    if (answer.status === 401) { go(sent ? location.href : address); return; }
    const path = answer.headers.get('X-Dialog-Path');
    if (path) {
      const to = new URL(path, location.href);
      if (answer.headers.get('X-Dialog-Stays')) { await ask(to.href); return; }
      const near = part?.dataset.back ?? home;
      const behind = to.pathname === location.pathname || (near && to.pathname === new URL(near, location.href).pathname);
      if (!behind) { go(to.href); return; }
      const outdated = sent ? offered(address) : [];
      dialog?.close();
      if (!await renew()) go(to.href);
      // Something else was done with the same since: what was offered then is not offered any more. Refused, nothing was done.
      const refused = (document.querySelector('dialog.sheet[open]') ?? main()).querySelector('.notice[role=alert]');
      if (!refused) outdated.forEach(notice => notice.remove());
      back();
      return;
    }
    const fresh = parse(await answer.text()).querySelector('[data-part]');
    // What was typed stays.
    if (sent && part && !answer.ok && (!fresh || !fresh.querySelector('form'))) {
      failed(fresh?.querySelector('.page-title')?.textContent.trim());
      return;
    }
    if (!fresh) { go(sent ? location.href : address); return; }
    at = answer.url || address;
    show(document.importNode(fresh, true), sent && answer.ok);
  };

  const failed = why => {
    const words = part?.querySelector('.ask-failed') ?? document.createElement('p');
    words.className = 'ask-failed alert alert-danger';
    words.setAttribute('role', 'alert');
    words.textContent = why ? `${why}. Nothing that you entered is lost.` : 'No answer came. Check your connection, then try again.';
    (part ?? main()).prepend(words);
  };

  // The menu of a row is gone by the time that the focus comes back.
  const opensMenu = e => e.closest('.row-menu')?.previousElementSibling;

  document.addEventListener('click', event => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (event.target.closest?.('[data-close]') && dialog?.contains(event.target)) { event.preventDefault(); dialog.close(); return; }
    const link = event.target.closest?.('a[href]');
    if (!link || link.target) return;
    if (dialog?.contains(link)) {
      if (link.pathname !== location.pathname && link.getAttribute('href') !== part.dataset.back
        && link.getAttribute('href') !== '/') return;
      event.preventDefault();
      dialog.close();
    } else if (link.matches('[data-dialog]')) {
      event.preventDefault();
      opener = opensMenu(link) ?? link;
      const menu = link.closest('details.dropdown');
      if (menu) menu.open = false;
      ask(link.href);
    }
  });

  document.addEventListener('submit', async event => {
    const [form, button] = [event.target, event.submitter];
    const inside = dialog?.contains(form);
    if (event.defaultPrevented || (!inside && !form.matches('[data-dialog]'))) return;
    event.preventDefault();
    if (!inside) opener = opensMenu(form) ?? button;
    const data = new FormData(form, button);
    const words = [...button?.childNodes ?? []];
    const given = button?.getAttribute('formaction') ?? form.getAttribute('action');
    const address = given ? new URL(given, location.href).href : inside ? at : location.href;
    await ask(address, { method: 'POST', body: form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data) },
      form.dataset.behind);
    if (button?.dataset.busy) { button.disabled = false; button.replaceChildren(...words); }
  });

  document.addEventListener('page:stale', event => { event.detail.done = renew(); });
  document.addEventListener('DOMContentLoaded', () => toasts(main()));
})();
