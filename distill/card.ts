import { paperFigure } from '../core/stats/paper-figures.ts';
import { SYNTHESIZER_INSTRUCTION } from '../core/synthesizer.ts';
import { frontMatter } from './card-head.ts';
import { selectionSection } from './card-selection.ts';
import type { DatasetManifest } from './dataset-manifest.ts';
import type { Datasheet } from './datasheet.ts';
import type { CardConfig } from './layouts/card-front-matter.ts';
import { count, fixed, table } from './markdown.ts';
import type { DistillRules } from './rules.ts';

/** What the card tells beside the manifest and the datasheet. */
export interface CardParts {
  manifest: DatasetManifest;
  datasheet: Datasheet;
  /** Which files hold which split; null where none is of a form that `datasets` reads. */
  config: CardConfig | null;
  rules: DistillRules;
}

/** The dataset card: README.md with the YAML front matter of the Hugging Face hub. */
export function datasetCard(parts: CardParts): string {
  const { manifest, datasheet } = parts;
  const sections = [
    `# ${manifest.name}`,
    opening(manifest),
    sizes(parts),
    origin(manifest),
    method(manifest),
    selectionSection(parts),
    decontamination(manifest),
    quality(manifest, datasheet),
    use(manifest),
    limits(manifest, datasheet),
  ];
  return `---\n${frontMatter(manifest, datasheet, parts.config)}---\n\n${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function opening({ task, offline, kept }: DatasetManifest): string {
  const what =
    task === 'synthesizer'
      ? 'Pairs of a text passage and the multi-turn tool-use trajectory made from it: they teach a model to write tool definitions and trajectory in one answer.'
      : 'Multi-turn tool-use conversations with their tools: they teach a model to act as the assistant.';
  const banner = offline
    ? '\n\n> Made by the offline teacher (rules, no model), for trying the tools out. Not fit to train a model that is to be used.'
    : '';
  return `${what} ${count(kept)} rows, made by gem-traj.${banner}`;
}

function sizes({ manifest, datasheet }: CardParts): string {
  const about = datasheet.tokens_estimated ? ' (estimated)' : '';
  const rows = manifest.splits.map(({ split, rows, documents, tokens, trained_tokens }) => [
    split,
    count(rows),
    count(documents),
    count(tokens),
    count(trained_tokens),
  ]);
  return [
    '## Size',
    table(['split', 'rows', 'documents', `tokens${about}`, `trained tokens${about}`], rows),
    `${counting(manifest)} No row is cropped; longer ones than ${count(manifest.settings.max_tokens)} tokens were left out.`,
    lengthsTable(manifest, datasheet),
  ].join('\n\n');
}

function counting({ tokenizer, estimated_with: estimated }: DatasetManifest): string {
  const used = tokenizer ?? estimated;
  if (used === null) return 'Tokens are estimated from characters: no tokenizer was at hand.';
  const by = `${used.name} (tokenizer.json ${used.sha256.slice(0, 12)})`;
  return tokenizer === null
    ? `Tokens are estimated: texts as counted by ${by}, with a guess at what a chat template writes around them.`
    : `Tokens as counted by ${by} through its chat template.`;
}

/** The rows' lengths beside the paper's (Table 5, Figure 7). */
function lengthsTable({ sources }: DatasetManifest, { lengths, tokens }: Datasheet): string {
  const refined = sources.every(({ ablation }) => ablation.refine);
  const rows = lengths.map(({ name, mean, median, p95, max }) => {
    const paper = paperFigure(name, refined);
    const beside =
      paper === undefined
        ? ''
        : `${paper.mean}${paper.median === null ? '' : ` / ${paper.median}`}`;
    return [name.replaceAll('_', ' '), fixed(mean), fixed(median), fixed(p95), fixed(max), beside];
  });
  if (tokens !== null)
    rows.push(['tokens', ...[tokens.mean, tokens.median, tokens.p95, tokens.max].map(fixed), '']);
  return table(['a row has', 'mean', 'median', 'p95', 'most', 'GEM paper, mean / median'], rows);
}

function origin({ sources }: DatasetManifest): string {
  const rows = sources.map((source) => [
    source.name,
    source.method,
    source.gate,
    ablated(source.ablation),
    source.fingerprint,
    count(source.passages),
    count(source.generated),
    ofBefore(source.check_passed, source.generated, source.ablation.check),
    ofBefore(
      source.judge_passed,
      source.ablation.check ? source.check_passed : source.generated,
      source.ablation.judge,
    ),
    count(source.accepted),
    count(source.kept),
  ]);
  const settings = ['run', 'method', 'gate', 'left out', 'fingerprint'];
  const funnel = [
    'passages',
    'generated',
    'passed checks',
    'passed judge',
    'accepted',
    'kept here',
  ];
  return ['## Runs', table([...settings, ...funnel], rows)].join('\n\n');
}

function ofBefore(passed: number, before: number, isOn: boolean): string {
  if (!isOn) return 'off';
  return before === 0 ? '0' : `${count(passed)} (${((100 * passed) / before).toFixed(1)}%)`;
}

function ablated({
  refine,
  check,
  judge,
}: {
  refine: boolean;
  check: boolean;
  judge: boolean;
}): string {
  const off = Object.entries({ refine, check, judge })
    .filter(([, on]) => !on)
    .map(([name]) => name);
  return off.length === 0 ? 'nothing' : off.join(', ');
}

function method({ sources, task }: DatasetManifest): string {
  const rows = sources.flatMap(({ name, stages }) =>
    stages.map(({ stage, model, prompt }) => [name, stage, model, prompt.slice(0, 12)]),
  );
  const lines = [
    '## Method',
    'Text passages were filtered, workflows and tools extracted from them, conversations generated and refined by a teacher model, then proven by rule checks and read by a judge model (after GEM, arXiv 2601.10355).',
    table(['run', 'stage', 'model', 'prompt (sha256)'], rows),
  ];
  if (task === 'synthesizer')
    lines.push(
      `The user message is instruction version ${SYNTHESIZER_INSTRUCTION.version} (sha256 ${SYNTHESIZER_INSTRUCTION.sha256.slice(0, 12)}) and the passage; a served synthesizer is asked with the same:`,
      ['```', SYNTHESIZER_INSTRUCTION.text, '```'].join('\n'),
    );
  return lines.join('\n\n');
}

function decontamination({ settings, decontamination: lines }: DatasetManifest): string {
  const asked = settings.decontaminate;
  if (asked.length === 0)
    return '## Decontamination\n\nNot done: no benchmark was named with --decontaminate.';
  return [
    '## Decontamination',
    `Against ${asked.join(', ')}${settings.embeddings === null ? '' : `, with embeddings by the endpoint ${settings.embeddings} too`}; decontamination.jsonl lists every hit.`,
    lines.map((line) => `- ${line}`).join('\n'),
  ].join('\n\n');
}

function quality({ kept }: DatasetManifest, sheet: Datasheet): string {
  const share = (rows: number) => (kept === 0 ? '' : `${((100 * rows) / kept).toFixed(1)}%`);
  const findings = sheet.findings
    .slice(0, 15)
    .map(({ severity, name, count: rows }) => [severity, name, count(rows), share(rows)]);
  const rows = [
    ['no error in any check', count(sheet.rows_without_error), share(sheet.rows_without_error)],
    ['passed by a judge', count(sheet.judged), share(sheet.judged)],
    ['mended once or more before', count(sheet.repaired), share(sheet.repaired)],
  ];
  const patterns = sheet.patterns.map(({ name, count: found }) => [
    name.replaceAll('_', ' '),
    count(found),
    share(found),
  ]);
  return [
    '## Checks and judge',
    table(['rows', 'count', 'share'], rows),
    ...(findings.length === 0 ? [] : [table(['severity', 'finding', 'rows', 'share'], findings)]),
    table(['pattern found', 'rows', 'share'], patterns),
    '## Licences of the sources',
    table(
      ['licence', 'rows'],
      sheet.licences.map(({ name, count: rows }) => [name, count(rows)]),
    ),
  ].join('\n\n');
}

function use({ trainers, task }: DatasetManifest): string {
  const loss =
    task === 'synthesizer'
      ? 'The loss belongs on the assistant message alone.'
      : "The loss belongs on the assistant's turns alone.";
  return [
    '## Use',
    `Folders: ${trainers.join(', ')}, each in its trainer's own form. ${loss} \`gem-traj train --data DIR\` starts a training; \`gem-traj distill inspect DIR --row 0\` shows a row as the trainer sees it; \`gem-traj distill remove DIR --source ID\` takes a document out.`,
  ].join('\n\n');
}

function limits({ offline }: DatasetManifest, { judged, rows }: Datasheet): string {
  const lines = [
    'The conversations are invented: people, ids, prices and dates in them are not real, and tool results were written by a model, not by a system.',
    'Checks prove form, the origin of values and agreement with the passage as far as rules can; style and sense they do not judge.',
  ];
  if (judged < rows) lines.push(`${count(rows - judged)} rows were not passed by a judge.`);
  if (offline) lines.push('The offline teacher writes in a few set phrases.');
  return ['## Known limits', lines.map((line) => `- ${line}`).join('\n')].join('\n\n');
}
