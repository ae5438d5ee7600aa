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

  // What is of use with a script alone is hidden until here.
  const offered = '[data-theme-toggle], [data-copy], [data-preset], [data-show]';

  /** A usual length of time goes into the field and its unit beside the button. */
  const preset = button => {
    const field = button.parentElement.querySelector('input');
    field.value = button.dataset.preset;
    if (button.dataset.unit) button.parentElement.querySelector('select').value = button.dataset.unit;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };

  /** As the server writes it: the unit by its number, and the usual length that stands there as pressed. */
  const measure = line => {
    const [number, unit] = [line.querySelector('input').value.trim(), line.querySelector('select')];
    for (const option of unit.options) option.textContent = number === '1' ? option.value.replace(/s$/, '') : option.value;
    const length = number && `${number * unit.selectedOptions[0].dataset.size}`;
    line.querySelectorAll('[data-preset]').forEach(b => b.setAttribute('aria-pressed', b.dataset.span === length));
  };
  document.addEventListener('input', event => {
    const line = event.target.closest?.('.duration');
    if (line) measure(line);
  });

  const show = (eye, shown) => {
    eye.previousElementSibling.type = shown ? 'text' : 'password';
    eye.setAttribute('aria-pressed', shown);
  };

  // Six digits are all there is to type; a wrong code that stands there still is replaced by what is typed.
  document.addEventListener('input', event => {
    const field = event.target;
    if (field.dataset?.code === undefined) return;
    const digits = field.value.replace(/\D/g, '').slice(0, 6);
    if (field.value !== digits) field.value = digits;
    // Once: a second key or a password manager that types twice would send it again, and the first answer would be lost.
    if (digits.length !== 6 || field.dataset.sent === digits) return;
    field.dataset.sent = digits;
    field.form?.requestSubmit(field.form.querySelector('button.btn-primary'));
  });
  document.addEventListener('focusin', event => { if (event.target.dataset?.code !== undefined) event.target.select(); });
  // Of a link that a strip shows in part, browsers leave it at that.
  document.addEventListener('focusin', event => {
    if (!event.target.closest?.('.tabs, .list-tabs, .list-chips') || !event.target.matches(':focus-visible')) return;
    event.target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  // How long ago, and when in the visitor's zone; the page has it in UTC.
  const ahead = Date.parse(document.querySelector('meta[name=clock]')?.content) - Date.now() || 0; // of this machine's clock
  const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const units = [['day', 86400], ['hour', 3600], ['minute', 60]];
  // As the server writes days: no month has four letters.
  const dayOf = at => {
    const parts = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'short', year: 'numeric' }).formatToParts(at);
    return ['day', 'month', 'year'].map(type => parts.find(p => p.type === type).value).join(' ');
  };
  const when = time => {
    const at = new Date(time.dateTime);
    const [kind, seconds] = [time.dataset.when, (at - Date.now() - ahead) / 1000]; // "exact", "local", or how long ago
    const local = `${dayOf(at)}, ${at.toLocaleTimeString('en-GB', { timeStyle: kind === 'exact' ? 'long' : 'short' })}`;
    const [unit, size] = units.find(u => Math.abs(seconds) >= u[1]) ?? [];
    time.title ||= kind ? time.textContent : local;
    time.textContent = kind ? local : !unit ? 'just now' : Math.abs(seconds) < 30 * 86400 ? ago.format(Math.round(seconds / size), unit)
      : dayOf(at);
  };
  const times = () => document.querySelectorAll('time[data-when]').forEach(when);
  const extras = () => {
    document.querySelectorAll(offered).forEach(b => { b.hidden = false; });
    times();
  };
  // Also in what came later.
  root.dataset.script = '';
  ['DOMContentLoaded', 'htmx:after:swap', 'page:renewed'].forEach(moment => document.addEventListener(moment, extras));
  setInterval(times, 60000);

  // After a refusal: to the first field that has to be filled in anew, wherever it stands. A dialog does the same for itself.
  document.addEventListener('DOMContentLoaded', () => {
    if (!document.title.startsWith('Error: ')) return;
    [...document.querySelectorAll('main [aria-invalid=true]')].find(field => field.checkVisibility())?.focus();
  });

  document.addEventListener('click', event => {
    const theme = event.target.closest('[data-theme-toggle]');
    if (theme) toggleTheme();
    const button = event.target.closest('[data-copy]');
    if (button) copy(button);
    const eye = event.target.closest('[data-show]');
    if (eye) show(eye, eye.previousElementSibling.type === 'password');
    const usual = event.target.closest('[data-preset]');
    if (usual) preset(usual);
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
    event.target.querySelectorAll('[data-show][aria-pressed=true]').forEach(eye => show(eye, false));
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
