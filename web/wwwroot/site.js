// Loaded in the head, so that the theme is set before anything is painted. Everything here is an extra: pages work without it.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => { try { return localStorage.getItem('theme'); } catch { return null; } };
  const paint = () => root.setAttribute('data-bs-theme', chosen() ?? (dark.matches ? 'dark' : 'light'));
  paint();
  dark.addEventListener('change', paint);

  const toggleTheme = () => {
    try {
      localStorage.setItem('theme', root.getAttribute('data-bs-theme') === 'dark' ? 'light' : 'dark');
    } catch { /* kept for this page only */ }
    paint();
  };

  const copy = async button => {
    const words = button.querySelector('span');
    const before = words.textContent;
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      words.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      words.textContent = 'Press Ctrl+C';
    }
    setTimeout(() => { words.textContent = before; }, 2000);
  };

  document.addEventListener('DOMContentLoaded', () =>
    document.querySelectorAll('[data-theme-toggle], [data-copy]').forEach(b => { b.hidden = false; }));

  document.addEventListener('click', event => {
    const theme = event.target.closest('[data-theme-toggle]');
    if (theme) toggleTheme();
    const button = event.target.closest('[data-copy]');
    if (button) copy(button);
    document.querySelectorAll('details.dropdown[open]').forEach(d => { if (!d.contains(event.target)) d.open = false; });
  });

  document.addEventListener('keydown', event => {
    const open = event.key === 'Escape' && event.target.closest?.('details:is(.dropdown, .side-toggle)[open]');
    if (open) { open.open = false; open.querySelector('summary').focus(); }
    // Esc leaves a detail as it was.
    else if (event.key === 'Escape') event.target.closest?.('form[data-leave]')?.querySelector('a')?.click();
  });

  // Checked rows: how many, and all of a page at once.
  const countChecked = () => {
    const boxes = [...document.querySelectorAll('input[form=bulk][name=account]')];
    const count = boxes.filter(b => b.checked).length;
    const all = document.querySelector('[data-check-all]');
    if (!all) return;
    all.hidden = false;
    all.checked = count === boxes.length && count > 0;
    all.indeterminate = count > 0 && count < boxes.length;
    const which = document.querySelector('[data-bulk-which]');
    document.querySelector('[data-bulk-count]').textContent = which?.value === 'all' || count === 0 ? '' : `${count} checked`;
  };
  document.addEventListener('DOMContentLoaded', countChecked);
  document.addEventListener('htmx:afterSettle', countChecked);
  document.addEventListener('change', event => {
    if (event.target.matches('[data-check-all]'))
      document.querySelectorAll('input[form=bulk][name=account]').forEach(b => { b.checked = event.target.checked; });
    if (event.target.matches('[data-check-all], [data-bulk-which], input[form=bulk][name=account]')) countChecked();
  });

  // A second click must not send a form twice; the words say that something is going on.
  document.addEventListener('submit', event => {
    const button = event.submitter;
    if (!button?.dataset.busy || event.defaultPrevented) return;
    setTimeout(() => { button.disabled = true; button.textContent = button.dataset.busy; });
  });
  addEventListener('pageshow', event => { if (event.persisted) location.reload(); });

  // Choosing a file chooses "only those in a file".
  document.addEventListener('change', event => {
    const which = event.target.dataset?.choose;
    if (which && event.target.files?.length) document.querySelector(`input[type=radio][value="${which}"]`).checked = true;
  });
})();
