// Draws the growth of the managed accounts beside its table. Colours come from the style sheet, so that the chart follows the theme.
(() => {
  const place = document.querySelector('[data-growth]');
  if (!place || !window.uPlot) return;
  const numbers = name => place.dataset[name].split(',').map(Number);
  const [days, total, claimed] = ['days', 'total', 'claimed'].map(numbers);
  // It began with nothing: the day before the first.
  const data = [[days[0] - 86400, ...days], [0, ...total], [0, ...claimed]];
  const words = new Intl.NumberFormat('en');
  const short = new Intl.NumberFormat('en', { notation: 'compact' });
  const day = seconds =>
    new Date(seconds * 1000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  let chart;

  const draw = () => {
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--quiet-bg'), width: 1 }, ticks: { show: false } };
    chart?.destroy();
    chart = new uPlot({
      width: place.clientWidth, height: 260, tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
      cursor: { drag: { x: false, y: false } },
      scales: { y: { range: (_, min, max) => [0, Math.max(1, max) * 1.05] } },
      axes: [{
        ...axis,
        values: (_, splits, __, ___, step) => splits.map(s => new Date(s * 1000).toLocaleDateString('en-GB', step < 86400 * 28
          ? { day: 'numeric', month: 'short', timeZone: 'UTC' } : { month: 'short', year: 'numeric', timeZone: 'UTC' })),
        space: 80,
        incrs: [1, 2, 7, 14, 30, 61, 91, 182, 365, 730, 1825].map(d => d * 86400)
      },
        { ...axis, size: 56, values: (_, splits) => splits.map(s => Number.isInteger(s) ? short.format(s) : '') }],
      series: [{ label: 'Day', value: (_, v) => v == null ? '–' : day(v) },
        { label: 'Total', stroke: colour('--link'), fill: colour('--busy-bg'), width: 2, points: { show: days.length < 3, size: 8 },
          value: (_, v) => v == null ? '–' : words.format(v) },
        { label: 'Claimed', stroke: colour('--good'), width: 2, points: { show: days.length < 3, size: 8 },
          value: (_, v) => v == null ? '–' : words.format(v) }],
    }, data, place);
  };

  place.hidden = false;
  document.querySelector('[data-growth-table]').open = false;
  draw();
  new ResizeObserver(() => {
    if (chart.width !== place.clientWidth) chart.setSize({ width: place.clientWidth, height: 260 });
  }).observe(place);
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ['data-bs-theme'] });
})();
