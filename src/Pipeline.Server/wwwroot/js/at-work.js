import { get } from './api.js';
import { chart, tooltip } from './charts.js';
import { h, render } from './dom.js';
import { count, duration, short } from './format.js';
import { badge } from './shell.js';

const TELLING = ['reward', 'accuracy', 'loss']; // the first of them that a stage logs is drawn
const REST_MS = 2000;

/** The stages at work: how far, how long still, and the curve that says how it goes. */
export function atWork(section) {
  const cards = new Map(); // by instance
  return { show };

  /** Shows them; `live` is what the stream says of each. */
  function show(run, live = []) {
    const active = run.stages.filter(stage => (stage.state === 'active' && !stage.queued) || stage.state === 'retrying');
    const queued = run.stages.filter(stage => stage.queued);
    for (const [instance, card] of cards) {
      if (active.some(stage => stage.instance === instance)) continue;
      card.chart?.dispose();
      cards.delete(instance);
    }
    for (const stage of active) if (!cards.has(stage.instance)) cards.set(stage.instance, { head: h('div', { class: 'card-head' }), box: h('div', { class: 'spark' }) });
    const shown = active.map(stage => cards.get(stage.instance));
    if (shown.some((card, i) => card.element !== section.querySelector('.at-work')?.children[i]) || section.childElementCount === 0) {
      for (const card of shown) card.element ??= h('div', { class: 'card padded' }, card.head, card.box);
      render(section, active.length > 0 && h('div', { class: 'at-work' }, shown.map(card => card.element)), h('p', { class: 'small muted queue' }));
    }
    section.querySelector('.queue').textContent = queued.length > 0 ? `Queued for a free slot: ${queued.map(stage => stage.instance).join(', ')}` : '';
    for (const stage of active) {
      const card = cards.get(stage.instance);
      render(card.head, head(run, stage));
      const bytes = live.find(other => other.instance === stage.instance)?.metrics_bytes;
      if (bytes !== card.bytes && !card.busy) draw(card, run.line.run, stage.instance, bytes);
    }
    section.hidden = active.length + queued.length === 0;
  }

  async function draw(card, run, instance, bytes) {
    [card.busy, card.bytes] = [true, bytes];
    try {
      const { series } = await get(['runs', run, 'stages', instance, 'metrics'], { names: TELLING.join(), points: 200 });
      const name = TELLING.find(other => series[other]?.values.length > 1);
      if (name) {
        card.line = { name, data: series[name].steps.map((step, i) => [step, series[name].values[i]]) };
        card.box.setAttribute('role', 'img');
        card.box.setAttribute('aria-label', `${name}, now ${short(series[name].values.at(-1))}`);
        if (card.chart) card.chart.draw();
        else if (card.box.isConnected) card.chart = chart(card.box, colours => spark(card.line, colours));
      }
    } catch { /* the page says that we are reconnecting */ } finally {
      setTimeout(() => { card.busy = false; }, REST_MS);
    }
  }
}

function head(run, { instance, state, progress, attempts }) {
  return [
    h('div', { class: 'line' }, h('a', { href: `/runs/${encodeURIComponent(run.line.run)}/stages/${encodeURIComponent(instance)}`, 'data-key': `work-${instance}` }, h('strong', {}, instance)), badge(state)),
    h('progress', { value: progress?.share ?? 0, max: 1, 'aria-label': `Progress of ${instance}` }),
    h('div', { class: 'line small muted' },
      h('span', {}, [
        progress?.phase ?? 'waiting for its first heartbeat',
        progress?.total > 0 && `${count(progress.step)} of ${count(progress.total)}`,
        attempts.length > 1 && `attempt ${attempts.length}`,
        progress?.age >= 30 && `silent for ${duration(progress.age)}`,
      ].filter(Boolean).join(' · ')),
      h('span', {}, progress?.eta_seconds > 0 ? `${duration(progress.eta_seconds)} left` : '')),
  ];
}

function spark({ name, data }, colours) {
  const last = data.at(-1);
  return {
    grid: { left: 0, right: 92, top: 6, bottom: 4 },
    xAxis: { type: 'value', show: false, min: data[0][0], max: last[0] },
    yAxis: { type: 'value', show: false, scale: true },
    tooltip: tooltip(colours, { trigger: 'axis', formatter: ([{ value: [step, value] }]) => `step ${step}\n${name}  ${short(value)}` }),
    series: [{
      type: 'line', data, color: colours.series[0], showSymbol: false, lineStyle: { width: 1.6 },
      endLabel: { show: true, formatter: `${name} ${short(last[1])}`, color: colours.text, fontSize: 11 },
    }],
  };
}
