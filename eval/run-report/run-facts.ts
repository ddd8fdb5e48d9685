import { z } from 'zod';
import type { Manifest } from '../../core/run/manifest.ts';
import { StageName } from '../../core/trajectory.ts';
import type { RunReport } from './run-report.ts';

/** What was run, out of the manifest and the settings that its fingerprint covers. */
export function runFacts(manifest: Manifest, teachers: string[]): RunReport['run'] {
  const { gate, seed, ...parts } = manifest.fingerprint_parts;
  const {
    name,
    state,
    message,
    method,
    offline,
    ablation,
    fingerprint,
    versions,
    started_at,
    updated_at,
    seconds,
    sessions,
  } = manifest;
  const own = Object.entries(parts).filter(
    ([key]) => !key.startsWith('stages.') && !Object.hasOwn(ablation, key),
  );
  return {
    name,
    state,
    message,
    method,
    offline,
    teachers,
    stages: stagesOf(parts, manifest.bills),
    ablation,
    gate: typeof gate === 'string' ? gate : null,
    seed: typeof seed === 'number' ? seed : null,
    fingerprint,
    settings: Object.fromEntries(own),
    versions,
    started_at,
    updated_at,
    seconds,
    sessions,
  };
}

/** The keys `stages.NAME.SETTING` by stage, in the order of the pipeline. */
function stagesOf(
  parts: Record<string, unknown>,
  bills: Manifest['bills'],
): RunReport['run']['stages'] {
  const stages = new Map<string, Record<string, unknown>>();
  for (const [key, value] of Object.entries(parts)) {
    const [, stage, setting] = /^stages\.([^.]+)\.(.+)$/.exec(key) ?? [];
    if (stage !== undefined && setting !== undefined)
      stages.set(stage, { ...stages.get(stage), [setting]: value });
  }
  const order: string[] = StageName.options;
  const place = (stage: string) => (order.includes(stage) ? order.indexOf(stage) : order.length);
  return [...stages]
    .sort(([a], [b]) => place(a) - place(b))
    .map(([stage, { model, ...settings }]) => ({
      stage,
      model: typeof model === 'string' ? model : '(unknown)',
      endpoints: [
        ...new Set(bills.filter((bill) => bill.stage === stage).map(({ endpoint }) => endpoint)),
      ],
      settings,
    }));
}

/** The parts of a corpus report (synth/corpus/report.ts) that are shown; an older or foreign one may lack some. */
const CorpusRecord = z.object({
  files: z.number().int(),
  read: z.number().int(),
  passages: z.number().int(),
  split_documents: z.number().int().default(0),
  files_left_out: z.number().int().default(0),
  skipped: z.record(z.string(), z.number().int()).default({}),
  skipped_parts: z.record(z.string(), z.number().int()).default({}),
});

const REASONS: Record<string, string> = {
  empty: 'empty',
  too_short: 'below the lowest length',
  too_long: 'above the highest length',
  binary: 'binary or not UTF-8',
  not_text: 'no text in the text field',
  duplicate: 'duplicate of an earlier text',
};

/** What became of the corpus; null where the manifest does not say. */
export function corpusOf({ corpus }: Pick<Manifest, 'corpus'>): RunReport['corpus'] {
  const parsed = CorpusRecord.safeParse(corpus);
  if (!parsed.success) return null;
  const { files, read, passages, split_documents, skipped, skipped_parts, files_left_out } =
    parsed.data;
  const leftOut = [
    ...Object.entries(skipped).map(([reason, count]) => ({
      label: `documents: ${REASONS[reason] ?? reason}`,
      count,
    })),
    ...Object.entries(skipped_parts).map(([reason, count]) => ({
      label: `parts of split documents: ${REASONS[reason] ?? reason}`,
      count,
    })),
    { label: 'files: ending not known', count: files_left_out },
  ];
  return {
    files,
    documents: read,
    passages,
    split_documents,
    left_out: leftOut.filter(({ count }) => count > 0),
  };
}
