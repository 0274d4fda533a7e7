// The panels of a stage, in the order in which a person who trains by reinforcement looks at them.
// A line: [metric, label]. A band: [lower, upper] metrics, or a spread around the first line. `scale` makes the unit.
// `alarms`: which are marked here. `distribution`: drawn from the rollouts, not from the metrics.

const percent = { scale: 100, suffix: '\u202f%' };

const REINFORCEMENT = [
  { title: 'Reward', panels: [
    { title: 'Reward', unit: 'a completion, mean ± std', lines: [['reward', 'mean']], spread: 'reward_std', alarms: ['REWARD_FLAT', 'REWARD_HACKING'] },
    { title: 'Reward by function', unit: 'mean', lines: name => name.match(/^rewards\/(.+)\/mean$/)?.[1] },
    { title: 'Distribution of rewards', unit: 'of completions; stronger is more', distribution: true, lines: [] },
    { title: 'Held-out accuracy', ...percent, unit: '% pass@1, 95 % interval', lines: [['eval/pass@1', 'pass@1']], band: ['eval/pass@1_low', 'eval/pass@1_high'], points: true, alarms: ['REWARD_HACKING'] },
  ] },
  { title: 'Completion length', panels: [
    { title: 'Length', unit: 'tokens; shortest, mean, longest', lines: [['completions/mean_length', 'mean']], band: ['completions/min_length', 'completions/max_length'], alarms: ['LENGTH_EXPLOSION'] },
    { title: 'Length if it ended', unit: 'tokens; shortest, mean, longest', lines: [['completions/mean_terminated_length', 'mean']], band: ['completions/min_terminated_length', 'completions/max_terminated_length'] },
    { title: 'Cut off at the limit', ...percent, unit: '% of completions', lines: [['completions/clipped_ratio', 'cut off']] },
    { title: 'Reflection', ...percent, unit: '% of completions with a word of reflection', lines: [['completions/reflection_ratio', 'reflects']] },
  ] },
  { title: 'Stability', panels: [
    { title: 'Entropy', unit: 'nats a token', lines: [['entropy', 'entropy']], alarms: ['ENTROPY_COLLAPSE'] },
    { title: 'KL to the reference', unit: 'nats a token', lines: [['kl', 'KL']] },
    { title: 'Sampler against trainer', unit: 'nats a token, difference of log-probabilities', lines: [['sampling/sampling_logp_difference/mean', 'mean'], ['sampling/sampling_logp_difference/max', 'largest']], alarms: ['SAMPLER_DIVERGENCE'] },
    { title: 'Clipped ratios', ...percent, unit: '% of tokens', lines: [['clip_ratio/low_mean', 'low'], ['clip_ratio/high_mean', 'high']] },
    { title: 'Gradient norm', unit: 'before clipping', lines: [['grad_norm', 'norm']] },
  ] },
  { title: 'Signal', panels: [
    { title: 'Groups without spread', ...percent, unit: '% of groups; these teach nothing', lines: [['frac_reward_zero_std', 'zero spread']], alarms: ['NO_SPREAD'] },
    { title: 'Not judged', ...percent, unit: '% of completions without a verdict', lines: [['completions/unjudged_ratio', 'not judged']] },
  ] },
];

const LEARNING_RATE = { title: 'Learning rate', unit: 'a step', lines: [['learning_rate', 'rate']] };

const SUPERVISED = [
  { title: 'Learning', panels: [
    { title: 'Loss', unit: 'nats a token', lines: [['loss', 'loss']] },
    { title: 'Accuracy', ...percent, unit: '% of pairs', lines: [['accuracy', 'accuracy']] },
    { title: 'Held-out accuracy', ...percent, unit: '% pass@1, 95 % interval', lines: [['eval/pass@1', 'pass@1']], band: ['eval/pass@1_low', 'eval/pass@1_high'], points: true },
    LEARNING_RATE,
  ] },
  { title: 'Stability', panels: [
    { title: 'Gradient norm', unit: 'before clipping', lines: [['grad_norm', 'norm']] },
    { title: 'Entropy', unit: 'nats a token', lines: [['entropy', 'entropy']] },
  ] },
];

const THROUGHPUT = { title: 'Throughput', panels: [
  { title: 'Throughput', unit: 'tokens a second', lines: [['tokens_per_second', 'tokens/s']] },
  { title: 'Time of a step', unit: 'seconds', lines: [['step_time', 'step']] },
  { title: 'Where the time goes', unit: 'seconds a step', lines: name => name.match(/^time\/(.+)$/)?.[1] },
  { title: 'Memory', unit: 'MB in use', scale: 1e-6, lines: [['memory', 'resident']] },
] };

const OBJECTIVE = { title: 'Objective', panels: [
  { title: 'Loss', unit: 'surrogate, minimised', lines: [['loss', 'loss']], note: 'On-policy, the loss starts at 0 and says little: advantages of a group sum to zero. Watch the reward.' },
  LEARNING_RATE,
] };

// Counters, and what is shown with something else.
const UNSHOWN = ['num_tokens', 'epoch'];
const SPREAD_OF_A_REWARD = /^rewards\/.+\/std$/;

/**
 * The groups of panels for which there are metrics; what no panel knows comes last, in a group of its own. With `single`
 * a panel has one line: for curves of several runs over one another.
 */
export function panelGroups(names, { distribution = false, single = false } = {}) {
  const supervised = names.has('loss') && !names.has('reward'); // what samples has no loss, and a policy a reward from its first step on
  const known = supervised ? [...SUPERVISED, THROUGHPUT] : [...REINFORCEMENT, THROUGHPUT, OBJECTIVE];
  const groups = known.map(({ title, panels }) => ({
    title,
    panels: panels.map(panel => resolve(panel, names))
      .filter(panel => panel.lines.length > 0 || (panel.distribution && distribution))
      .flatMap(panel => (single ? apart(panel) : [panel])),
  }));
  const shown = new Set([...UNSHOWN, ...groups.flatMap(group => group.panels).flatMap(panel => [...panel.lines.map(([name]) => name), panel.spread, ...(panel.band ?? [])])]);
  const others = [...names].filter(name => !shown.has(name) && !SPREAD_OF_A_REWARD.test(name)).map(name => ({ title: name, unit: '', lines: [[name, name]] }));
  return [...groups, { title: 'Other metrics', panels: others, others: true }].filter(group => group.panels.length > 0);
}

function apart(panel) {
  if (panel.lines.length === 1) return [{ ...panel, band: undefined, spread: undefined }];
  return panel.lines.map(line => ({ ...panel, title: `${panel.title}: ${line[1]}`, lines: [line], note: undefined }));
}

function resolve(panel, names) {
  const lines = typeof panel.lines === 'function'
    ? [...names].map(name => [name, panel.lines(name)]).filter(([, label]) => label)
    : panel.lines.filter(([name]) => names.has(name));
  const band = panel.band?.every(name => names.has(name)) ? panel.band : undefined;
  return { ...panel, lines, band, spread: names.has(panel.spread) ? panel.spread : undefined };
}
