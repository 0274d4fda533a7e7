// The panels of a stage, in the order in which a person who trains by reinforcement looks at them.
// A line: [metric, label]. A band: [lower, upper] metrics, or a spread around the first line. unit: percent, or text.

const fraction = { unit: '%', scale: 100 };

const PANELS = [
  { title: 'Reward', unit: 'a completion, mean ± std', lines: [['reward', 'mean']], spread: 'reward_std' },
  { title: 'Reward by function', unit: 'mean', lines: name => name.match(/^rewards\/(.+)\/mean$/)?.[1] },
  { title: 'Held-out accuracy', ...fraction, unit: '% pass@1, 95 % interval', lines: [['eval/pass@1', 'pass@1']], band: ['eval/pass@1_low', 'eval/pass@1_high'], points: true },
  { title: 'Completion length', unit: 'tokens; shortest, mean, longest', lines: [['completions/mean_length', 'mean']], band: ['completions/min_length', 'completions/max_length'] },
  { title: 'Cut off at the limit', ...fraction, unit: '% of completions', lines: [['completions/clipped_ratio', 'cut off']] },
  { title: 'Entropy', unit: 'nats a token', lines: [['entropy', 'entropy']] },
  { title: 'KL to the reference', unit: 'nats a token', lines: [['kl', 'KL']] },
  { title: 'Clipped ratios', ...fraction, unit: '% of tokens', lines: [['clip_ratio/low_mean', 'low'], ['clip_ratio/high_mean', 'high']] },
  { title: 'Sampler against trainer', unit: 'nats a token, difference of log-probabilities', lines: [['sampling/sampling_logp_difference/mean', 'mean'], ['sampling/sampling_logp_difference/max', 'largest']] },
  { title: 'Gradient norm', unit: 'before clipping', lines: [['grad_norm', 'norm']] },
  { title: 'Groups without spread', ...fraction, unit: '% of groups; these teach nothing', lines: [['frac_reward_zero_std', 'zero spread']] },
  { title: 'Throughput', unit: 'tokens a second', lines: [['tokens_per_second', 'tokens/s']] },
  { title: 'Step time', unit: 'seconds', lines: [['step_time', 'step']] },
  { title: 'Loss', unit: 'surrogate, minimised', lines: [['loss', 'loss']], note: 'On-policy, the loss starts at 0 and says little: advantages of a group sum to zero. Watch the reward.' },
  { title: 'Learning rate', unit: '', lines: [['learning_rate', 'rate']] },
];

// Counters, and what is shown with something else.
const UNSHOWN = ['num_tokens', 'epoch'];
const SPREAD_OF_A_REWARD = /^rewards\/.+\/std$/;

// Without a reward, loss and accuracy lead.
const SUPERVISED = [
  { title: 'Loss', unit: 'nats a token', lines: [['loss', 'loss']] },
  { title: 'Accuracy', ...fraction, unit: '% of pairs', lines: [['accuracy', 'accuracy']] },
];

/** The panels for which there are metrics; each metric that no panel knows gets its own at the end. */
export function panelsFor(names) {
  const known = names.has('reward') ? PANELS : [...SUPERVISED, ...PANELS.filter(panel => panel.title !== 'Loss')];
  const panels = known.map(panel => resolve(panel, names)).filter(panel => panel.lines.length > 0);
  const shown = new Set([...UNSHOWN, ...panels.flatMap(panel => [...panel.lines.map(([name]) => name), panel.spread, ...(panel.band ?? [])])]);
  const others = [...names].filter(name => !shown.has(name) && !SPREAD_OF_A_REWARD.test(name)).map(name => ({ title: name, unit: '', lines: [[name, name]] }));
  return [...panels, ...others];
}

function resolve(panel, names) {
  const lines = typeof panel.lines === 'function'
    ? [...names].map(name => [name, panel.lines(name)]).filter(([, label]) => label)
    : panel.lines.filter(([name]) => names.has(name));
  const band = panel.band?.every(name => names.has(name)) ? panel.band : undefined;
  return { ...panel, lines, band, spread: names.has(panel.spread) ? panel.spread : undefined };
}
