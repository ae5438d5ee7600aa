// Parts of a page that show the present: what [data-live] names is read again when the product says that it has changed, by one stream
// while the page can be seen; without a stream, now and then. None of it counts as a click. Everything here is an extra.
(() => {
  const Soon = 1500, Seldom = 10000, Pause = 1000, Late = 6000;
  const Lives = '[data-live], [data-live-new]';
  const asked = { 'X-Live': 'true' };
  const parse = text => new DOMParser().parseFromString(text, 'text/html');
  let address = document.querySelector('meta[name=live]')?.content;
  let stream = null; // while one is open, or opens
  let isOpen = false;
  let over = false; // signed out: nothing more is asked
  let due = new Set(); // topics that have come and not read yet
  let reads = false;
  let timer, late, next;

  const parts = topics => [...document.querySelectorAll('[data-live]')]
    .filter(part => part.dataset.live.split(' ').some(topic => topics.has(topic)));

  // Tokens of forms differ each time, and say nothing; how a time reads is made here of its datetime.
  const text = part => {
    const bare = part.cloneNode(true);
    bare.querySelectorAll('time[data-when]').forEach(time => { time.removeAttribute('title'); time.textContent = ''; });
    return bare.outerHTML.replace(/(name="__RequestVerificationToken"[^>]* value=")[^"]*/g, '$1');
  };

  // Of a part that somebody is in, nothing is taken from under the hand.
  const isBusy = part => part.contains(document.activeElement) && part.querySelector('details[open], :focus:is(input, select, textarea)');

  const renew = page => {
    let renewed = false;
    document.querySelectorAll('[data-live][id]').forEach(part => {
      const fresh = page.getElementById(part.id);
      if (!fresh || isBusy(part) || text(fresh) === text(part)) return;
      const focus = part.contains(document.activeElement) ? document.activeElement.id : '';
      part.replaceWith(fresh);
      globalThis.htmx?.process(fresh);
      if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
      renewed = true;
    });
    if (renewed) document.dispatchEvent(new Event('page:renewed'));
  };

  // Rows of a list that somebody reads are not moved under the eyes: how many there are above them is said, and leads to them.
  const count = (link, page) => {
    const fresh = [...page.querySelectorAll('#list tbody tr[id]')];
    const known = fresh.findIndex(row => document.getElementById(row.id));
    const many = known < 0 ? fresh.length : known;
    if (many === 0) return;
    link.hidden = false;
    link.textContent = many === 1 ? link.dataset.one : `${many}${known < 0 && document.querySelector('#list tbody tr[id]') ? '+' : ''} `
      + link.dataset.many;
  };

  // Of the list behind a person's sheet, whose address is another.
  const place = () => document.querySelector('dialog.sheet[open]')?.dataset.behind ?? location.href;

  const read = async () => {
    if (reads || over || document.hidden || due.size === 0) return;
    const topics = due;
    [due, reads] = [new Set(), true];
    try {
      if (topics.has('jobs')) await bell().catch(() => {});
      const shown = parts(topics).filter(part => part.id);
      const links = [...document.querySelectorAll('[data-live-new]')].filter(link => topics.has(link.dataset.liveNew));
      if (shown.length + links.length > 0) {
        const behind = place();
        const answer = await fetch(behind, { headers: { ...asked, accept: 'text/html' } });
        if (answer.redirected) { over = true; stream?.abort(); } else if (!answer.ok) topics.forEach(topic => due.add(topic)); else {
          const page = parse(await answer.text());
          // Of a place that was left meanwhile: its tabs would lead back to it.
          if (place() !== behind) topics.forEach(topic => due.add(topic));
          else {
            address = page.querySelector('meta[name=live]')?.content ?? address;
            renew(page);
            links.forEach(link => count(link, page));
          }
        }
        // Counts are held for some seconds.
        if (topics.has('changes')) { clearTimeout(late); late = setTimeout(() => tell(['late']), Late); }
      }
    } catch { topics.forEach(topic => due.add(topic)); }
    reads = false;
    clearTimeout(timer);
    timer = setTimeout(read, Pause);
  };

  const tell = topics => { topics.forEach(topic => due.add(topic)); read(); };

  // The jobs that go on, in the top bar.
  const bell = async () => {
    const link = document.getElementById('jobs-link');
    if (!link) return;
    const answer = await fetch(`${link.getAttribute('href')}?running=true`, { headers: { ...asked, 'HX-Request': 'true' } });
    if (!answer.ok) return;
    const fresh = parse(await answer.text()).getElementById('jobs-link');
    if (fresh && fresh.outerHTML !== link.outerHTML && document.activeElement !== link) link.replaceWith(fresh);
  };

  const listen = async () => {
    if (stream || over || !address || document.hidden) return;
    stream = new AbortController();
    try {
      const headers = { ...asked, 'HX-Request': 'true', accept: 'text/event-stream' };
      const answer = await fetch(address, { headers, signal: stream.signal });
      if (answer.status === 401 || answer.status === 404) over = true;
      if (answer.ok && answer.headers.get('content-type')?.startsWith('text/event-stream')) {
        isOpen = true;
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let rest = ''; ;) {
          const { done, value } = await reader.read();
          if (done) break;
          const lines = (rest + value).split('\n');
          rest = lines.pop();
          lines.filter(line => line.startsWith('data: ')).forEach(line => tell(line.slice(6).split(' ')));
        }
      }
    } catch { /* ended: it is opened again, or the page is left */ }
    [stream, isOpen] = [null, false];
    clearTimeout(next);
    if (!over) next = setTimeout(listen, 2000 + Math.random() * 2000);
  };

  // Without a stream, more often where something goes on; there now and then with one, too, so that no end of it is missed.
  let polls = 0;
  const poll = () => {
    const soon = document.querySelector('[data-live-soon]');
    if ((!isOpen || (soon && ++polls % 4 === 0)) && !document.hidden && document.querySelector(Lives)) tell(['changes', 'jobs']);
    if (!over) setTimeout(poll, soon ? Soon : Seldom);
  };

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) stream?.abort();
    else { listen(); read(); }
  });
  addEventListener('pagehide', () => { over = true; stream?.abort(); });

  document.addEventListener('DOMContentLoaded', () => {
    if (document.querySelector(`${Lives}, #jobs-link`)) listen();
    setTimeout(poll, Soon);
  });
})();
