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

  // What works by script alone is shown where there is some, also in what came later.
  root.dataset.script = '';
  ['DOMContentLoaded', 'page:renewed'].forEach(moment => document.addEventListener(moment, () =>
    document.querySelectorAll('[data-theme-toggle], [data-copy]').forEach(b => { b.hidden = false; })));

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
