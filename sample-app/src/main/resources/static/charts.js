// Draws <div class="plot" data-chart="…">; the JSON is what Chart.java writes. Dragging over a chart chooses the time.
'use strict';

(() => {
  const plots = new Map();

  /** light-dark() is resolved only where it is used as a color. */
  function color(name) {
    const probe = document.createElement('i');
    probe.className = 'hidden';
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }

  const trim = text => text.replace(/\.0+(?=\D|$)/, '').replace(/(\.\d*?)0+(?=\D|$)/, '$1');
  const short = n => {
    const size = Math.abs(n);
    if (size >= 1e9) return trim((n / 1e9).toFixed(2)) + 'G';
    if (size >= 1e6) return trim((n / 1e6).toFixed(2)) + 'M';
    if (size >= 1e4) return trim((n / 1e3).toFixed(1)) + 'k';
    return size >= 1 || size === 0 ? trim(n.toFixed(2)) : trim(n.toPrecision(2));
  };
  const units = {
    NUMBER: short,
    MICROS: n => n >= 6e7 ? trim((n / 6e7).toFixed(1)) + ' min' : n >= 1e6 ? trim((n / 1e6).toFixed(2)) + ' s'
      : n >= 1e3 ? trim((n / 1e3).toFixed(n < 1e4 ? 1 : 0)) + ' ms' : Math.round(n) + ' µs',
    USD: n => '$' + (n === 0 || n >= .1 ? n.toFixed(2) : trim(n.toPrecision(2))),
    BYTES: n => n >= 1 << 30 ? trim((n / (1 << 30)).toFixed(1)) + ' GiB' : n >= 1 << 20 ? trim((n / (1 << 20)).toFixed(1)) + ' MiB'
      : n >= 1024 ? trim((n / 1024).toFixed(1)) + ' KiB' : n + ' B',
  };

  /** Adds up the series, the first one at the bottom. They are drawn from the top down, so that each covers the next. */
  function stacked(data) {
    const sums = data[0].map(() => 0);
    return [data[0], ...data.slice(1).map(values => values.map((value, i) => sums[i] += value ?? 0))];
  }

  /** Values without a neighbor, which no line shows. */
  const alone = (u, series, shown) => shown ? null
    : [...u.data[series].keys()].filter(i => u.data[series][i] != null && u.data[series][i - 1] == null && u.data[series][i + 1] == null);

  /** A bucket reaches to the start of the next one; so does the last. */
  const width = times => times.length > 1 ? times[1] - times[0] : 60;

  function show(element) {
    const chart = JSON.parse(element.dataset.chart);
    const stack = chart.style === 'STACKED';
    const format = units[chart.unit];
    const tones = { error: '--error', warn: '--warn', muted: '--c8', faint: '--line' };
    let next = 0;
    const series = chart.lines.map((line, i) => {
      const stroke = color(tones[line.tone] ?? `--c${next++ % 8 + 1}`);
      return {
        label: line.name, stroke, width: stack ? 0 : 1.5, spanGaps: false, points: stack ? { show: false } : { size: 4, filter: alone },
        fill: stack ? stroke : undefined,
        paths: stack ? uPlot.paths.bars({ size: [.8, 24, 1], align: 1 }) : undefined,
        value: (u, v, seriesIndex, index) => index == null ? '' : (v = chart.data[i + 1][index]) == null ? '–' : format(v),
      };
    });
    const axis = { stroke: color('--muted'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui', gap: 6 };
    const top = stack ? stacked(chart.data) : chart.data;
    // bars are painted in order: the tallest sum first
    const order = stack ? series.map((_, i) => i).reverse() : series.map((_, i) => i);
    const size = () => ({ width: element.clientWidth, height: 180 });
    const hour = '{HH}:{mm}', day = '{D} {MMM}';
    // from the step between ticks: the label, and what is added when year, month, day, hour, minute or second changes
    const clock = [[86400, day, null, null, null, null, null, null, 1], [60, hour, null, null, '\n' + day, null, null, null, 1],
      [1, hour + ':{ss}', null, null, '\n' + day, null, null, null, 1]];
    const plot = new uPlot({
      ...size(), padding: [8, 8, 0, 0], cursor: { drag: { x: true, y: false, setScale: false }, y: false, points: { size: 6 } },
      legend: { live: true, markers: { width: 0, fill: (u, i) => u.series[i]._stroke ?? u.series[i].stroke() } },
      scales: { x: { time: true, range: (u, from, to) => [from, to + width(chart.data[0])] }, y: { range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1] } },
      axes: [{ ...axis, space: 70, size: 34, values: clock }, { ...axis, size: 58, space: 32, values: (u, ticks) => ticks.map(format) }],
      series: [{ label: 'Time', value: (u, v) => v == null ? '' : uPlot.fmtDate('{D} {MMM} {HH}:{mm}:{ss}')(new Date(v * 1000)) }, ...order.map(i => series[i])],
      hooks: { setSelect: [u => u.select.width > 4 && choose(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'))] },
    }, [top[0], ...order.map(i => top[i + 1])], element);
    const observer = new ResizeObserver(() => plot.setSize(size()));
    observer.observe(element);
    plots.set(element, { plot, observer });
  }

  function choose(from, to) {
    const url = new URL(location.href);
    url.searchParams.delete('range');
    url.searchParams.set('from', new Date(Math.floor(from) * 1000).toISOString());
    url.searchParams.set('to', new Date(Math.ceil(to) * 1000).toISOString());
    location.assign(url);
  }

  function hide(element) {
    const shown = plots.get(element);
    shown?.observer.disconnect();
    shown?.plot.destroy();
    plots.delete(element);
  }

  function update(root) {
    [...plots.keys()].filter(element => !element.isConnected).forEach(hide);
    root.querySelectorAll('.plot[data-chart]').forEach(element => plots.has(element) || show(element));
    if (root.matches?.('.plot[data-chart]') && !plots.has(root)) show(root);
  }

  update(document);
  document.addEventListener('htmx:load', event => update(event.detail.elt));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    [...plots.keys()].forEach(element => { hide(element); show(element); });
  });
})();
