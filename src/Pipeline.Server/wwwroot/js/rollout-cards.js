import { h } from './dom.js';
import { percent, short } from './format.js';

/** A prompt and its completions; `beside` is { titles, group } of another step or stage, group undefined if it lacks the prompt. */
export function groupCard(group, beside) {
  const { prompt, ground_truth: truth } = group;
  return h('article', { class: 'card padded group' },
    h('div', { class: 'section-head' }, h('h2', {}, `Prompt ${group.group + 1}`),
      truth !== undefined && h('span', {}, 'answer ', h('code', {}, truth)),
      !beside && h('span', { class: 'muted' }, summary(group)),
      !beside && group.reward_std === 0 && group.size > 1 && h('span', { class: 'badge' }, 'no spread, teaches nothing')),
    h('div', { class: 'prompt' }, prompt),
    beside
      ? h('div', { class: 'pair' }, [group, beside.group].map((one, i) => h('div', { class: 'side' },
        h('h3', {}, beside.titles[i], ' ', h('span', { class: 'small muted' }, one ? summary(one) : '')),
        one ? h('div', { class: 'completions' }, one.completions.map(completion)) : h('p', { class: 'muted' }, 'It was not given this prompt.'))))
      : h('div', { class: 'completions' }, group.completions.map(completion)));
}

const summary = ({ correct, size, mean_reward: mean, reward_std: std, completions }) => [
  `${correct} of ${size} right`,
  mean !== undefined && `mean reward ${short(mean)} ± ${short(std)}`,
  completions.length < size && `${completions.length} shown`,
].filter(Boolean).join(' · ');

const TONES = { correct: 'good', wrong: 'bad', no_answer: 'bad', timeout: 'warning' };

function completion({ text, length, stop_reason: stop, reward, advantage, rewards, answer, outcome, mixing }) {
  const facts = [
    ...Object.entries(rewards).map(([name, value]) => [name, value === null || value === undefined ? '–' : short(value)]),
    length > 0 && ['tokens', length],
    answer !== undefined && ['answer', answer],
    mixing > 0 && ['other language', percent(mixing, 0)],
  ].filter(Boolean);
  return h('div', { class: 'completion' },
    h('header', {},
      h('span', { class: 'reward' }, `reward ${reward === undefined ? '–' : short(reward)}`),
      advantage !== undefined && h('span', { class: advantage >= 0 ? 'up' : 'down' }, `advantage ${advantage > 0 ? '+' : ''}${short(advantage)}`),
      outcome && h('span', { class: `badge end ${TONES[outcome] ?? ''}` }, outcome.replaceAll('_', ' ')),
      stop === 'length' && h('span', { class: 'badge warning' }, 'cut off')),
    h('pre', { tabindex: '0', 'aria-label': 'Completion' }, text),
    h('dl', {}, facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))));
}
