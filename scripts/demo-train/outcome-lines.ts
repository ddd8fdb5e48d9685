import { table } from '../../core/table.ts';
import type { Outcome, ShareFigures } from './outcome.ts';

/** What the demo aims at: this share of the answers passes the structural checks. */
const AIM = 0.5;
const MOST_REASONS = 8;

/** The figures for people, with the aim, reached or not. */
export function outcomeLines(outcome: Outcome): string[] {
  const { endings, passages, sound, training, reasons } = outcome;
  const rows: [string, ShareFigures][] = [
    ['could be read and passed the structural checks', sound],
    ["passed the paper's rule check", outcome.passes_paper],
    ['passed every check', outcome.passes_all],
    ['accepted by the judge too', outcome.accepted],
  ];
  const head = [
    "the synthesizer's answers for passages that it never saw",
    'answers',
    'share',
    '95%',
  ];
  const reached = (sound.share ?? 0) >= AIM ? 'reached' : 'not reached';
  return [
    ...table([head, ...rows.map(([what, share]) => [what, ...figures(share)])]),
    '',
    `${passages} passages were held out, ${endings.length} of them tell of a procedure and were tried`,
    `the aim is ${percent(AIM)} past the structural checks: ${reached}, ${figures(sound)[1]}`,
    `the pipeline on the same passages: ${outcome.pipeline_accepted.part} of ${outcome.pipeline_accepted.whole} accepted`,
    `trained for ${training.steps} steps of ${training.rows_of_a_step} of the ${training.rows} rows, in ${minutes(training.seconds)}, loss ${loss(training.first_loss)} to ${loss(training.last_loss)}`,
    ...(reasons.length === 0 ? [] : ['', 'what turned answers down, the commonest first:']),
    ...reasons.slice(0, MOST_REASONS).map(({ reason, answers }) => `  ${answers} x ${reason}`),
    ...(reasons.length > MOST_REASONS ? [`  and ${reasons.length - MOST_REASONS} more`] : []),
    '',
    'The rows were made by rules: this shows that the method works on this machine, not how good data would be.',
  ];
}

function figures({ part, whole, share, low, high }: ShareFigures): string[] {
  if (share === null) return ['0', '-', '-'];
  return [`${part} of ${whole}`, percent(share), `${percent(low)} to ${percent(high)}`];
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} minutes`;
}

function loss(value: number | null): string {
  return value === null ? '?' : value.toFixed(3);
}
