// The menu at the end of a row: what can be done with its person, as the person's page says it at that moment. Everything here is an extra:
// without it the name leads to that page.
(() => {
  let asked = 0;

  // Below its button, or above it where there is no room.
  const place = (menu, button) => {
    const [at, own] = [button.getBoundingClientRect(), menu.getBoundingClientRect()];
    const below = at.bottom + 4 + own.height <= innerHeight || at.top < own.height + 4;
    menu.style.top = `${Math.max(4, Math.min(below ? at.bottom + 4 : at.top - 4 - own.height, innerHeight - own.height - 4))}px`;
    menu.style.left = `${Math.max(4, at.right - own.width)}px`;
  };

  const show = async button => {
    const mine = ++asked;
    const [path, from] = [button.dataset.rowMenu, document.activeElement];
    let html;
    try {
      const answer = await fetch(`${path}?menu=true`, { headers: { 'HX-Request': 'true' } });
      html = answer.ok ? await answer.text() : '';
    } catch { html = ''; }
    // Late: something else is done by now.
    const isElsewhere = ![button, from, document.body].includes(document.activeElement)
      || [...document.querySelectorAll('dialog[open]')].some(d => !d.contains(button));
    if (mine !== asked || !button.isConnected || isElsewhere) return;
    if (!html.includes('data-actions')) { location.assign(path); return; }
    const menu = document.createElement('div');
    menu.className = 'dropdown-menu row-menu';
    menu.popover = 'auto';
    menu.innerHTML = html;
    button.after(menu);
    button.popoverTargetElement = menu; // so that its own click closes it
    button.setAttribute('aria-expanded', 'true');
    menu.addEventListener('toggle', event => {
      if (event.newState === 'open') return;
      button.popoverTargetElement = null;
      button.setAttribute('aria-expanded', 'false');
      menu.remove();
    });
    menu.showPopover();
    place(menu, button);
    menu.querySelector('a, button')?.focus({ preventScroll: true });
  };

  const open = () => document.querySelector('.row-menu:popover-open');

  // Before anybody else hears of the click, so that what opens next stands over the page.
  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-row-menu]');
    if (button && !button.popoverTargetElement) show(button);
    else if (event.target.closest?.('.row-menu a')) open()?.hidePopover();
  });
  document.addEventListener('submit', event => { if (event.target.closest('.row-menu')) open()?.hidePopover(); }, true);

  // It stands where its row was.
  addEventListener('scroll', event => { if (event.target === document) open()?.hidePopover(); }, { capture: true, passive: true });
  addEventListener('resize', () => open()?.hidePopover());

  document.addEventListener('keydown', event => {
    const menu = open();
    if (!menu || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    const items = [...menu.querySelectorAll('a, button')];
    const at = items.indexOf(document.activeElement);
    items[(at + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length]?.focus();
    event.preventDefault();
  });
})();
