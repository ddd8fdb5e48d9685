import type { Block } from '../../compare/block.ts';
import { blockMarkup } from '../../compare/block-markup.ts';
import { blockMarkdown } from '../../compare/markdown.ts';
import { html } from '../markup.ts';
import { pageOf } from '../page.ts';
import { OFFLINE_NOTICE } from '../words.ts';
import { ablationPart } from './ablation-part.ts';
import { benchmarksPart } from './benchmarks-part.ts';
import { comparisonPart } from './comparison-part.ts';
import { costPart } from './cost-part.ts';
import { datasetsPart } from './datasets-part.ts';
import type { ExperimentReport } from './experiment-report.ts';
import { funnelPart } from './funnel-part.ts';
import { contentsOf, experimentHead, offlineWords } from './head.ts';
import type { ExperimentPart } from './part.ts';
import { personPart } from './person-part.ts';
import { runsPart } from './runs-part.ts';
import { samplesPart } from './samples-part.ts';
import { settingsPart } from './settings-part.ts';
import { shapesPart } from './shapes-part.ts';
import { trainingsPart } from './trainings-part.ts';
import { turnedDownPart } from './turned-down-part.ts';

/** The parts in their order on the page; one that has nothing to say gives none. */
const PARTS: ((report: ExperimentReport) => ExperimentPart[])[] = [
  runsPart,
  ablationPart,
  comparisonPart,
  datasetsPart,
  trainingsPart,
  benchmarksPart,
  funnelPart,
  turnedDownPart,
  costPart,
  shapesPart,
  personPart,
  samplesPart,
  settingsPart,
];

/** The report as one page that needs no network and no script. */
export function experimentHtml(report: ExperimentReport): string {
  const sections = PARTS.flatMap((part) => part(report)).map(
    ({ id, title, blocks, page, isDrawn = false }) => ({
      id,
      title,
      body: html`${isDrawn ? null : blocks.map(blockMarkup)}${page}`,
    }),
  );
  return pageOf(titleOf(report), experimentHead(report), sections);
}

/** The same in short, as Markdown. */
export function experimentMarkdown(report: ExperimentReport): string {
  const offline = offlineWords(report);
  const head: Block[] = [
    { kind: 'title', level: 1, text: titleOf(report) },
    ...(offline === undefined
      ? []
      : [{ kind: 'banner' as const, text: `${OFFLINE_NOTICE} ${offline}` }]),
    { kind: 'text', text: contentsOf(report) },
    ...(report.notes.length === 0 ? [] : [{ kind: 'list' as const, items: report.notes }]),
  ];
  const parts = PARTS.flatMap((part) => part(report)).flatMap(({ title, blocks }): Block[] =>
    blocks.length === 0 ? [] : [{ kind: 'title', level: 2, text: title }, ...blocks.map(lowered)],
  );
  return blockMarkdown([...head, ...parts]);
}

/** Below the part's own title. */
function lowered(block: Block): Block {
  if (block.kind === 'fold') return { ...block, blocks: block.blocks.map(lowered) };
  return block.kind === 'title' && block.level < 3 ? { ...block, level: 3 } : block;
}

function titleOf({ name }: ExperimentReport): string {
  return `${name}: report`;
}
