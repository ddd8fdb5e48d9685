import { join } from 'node:path';
import { z } from 'zod';
import { readJsonl } from '../../core/jsonl-read.ts';
import { readManifest } from '../../core/run/manifest.ts';
import { wilson } from '../../core/stats/wilson.ts';
import { Rejection, Trajectory } from '../../core/trajectory.ts';
import { paperGateFails, STRUCTURE_CHECKS, strictGateFails } from '../../synth/check/run-checks.ts';
import { requireTraining } from '../../train/manifest.ts';

/** How far one answer of the synthesizer came. */
const Ending = z.object({
  passage: z.string(),
  /** Whether it could be read, and every structural check found it sound. */
  is_sound: z.boolean(),
  /** Whether the paper's rule check lets it pass. */
  passes_paper: z.boolean(),
  /** Whether every check lets it pass. */
  passes_all: z.boolean(),
  is_accepted: z.boolean(),
  /** Codes of the errors, `judge`, or why it could not be read. */
  reasons: z.array(z.string()),
});
type Ending = z.infer<typeof Ending>;

const ShareFigures = z.object({
  part: z.number(),
  whole: z.number(),
  /** null of nothing. */
  share: z.number().nullable(),
  low: z.number(),
  high: z.number(),
});
export type ShareFigures = z.infer<typeof ShareFigures>;

/** What came of a demo, as outcome.json keeps it; shares are of the passages that the filter let through. */
export const Outcome = z.object({
  passages: z.number(),
  endings: z.array(Ending),
  sound: ShareFigures,
  passes_paper: ShareFigures,
  passes_all: ShareFigures,
  accepted: ShareFigures,
  pipeline_accepted: ShareFigures,
  /** Answers that each reason turned down, the commonest first. */
  reasons: z.array(z.object({ reason: z.string(), answers: z.number() })),
  training: z.object({
    /** Of the dataset. */
    rows: z.number(),
    steps: z.number(),
    rows_of_a_step: z.number(),
    /** Of all its starts; none that was killed counts. */
    seconds: z.number(),
    first_loss: z.number().nullable(),
    last_loss: z.number().nullable(),
    versions: z.record(z.string(), z.string()),
  }),
});
export type Outcome = z.infer<typeof Outcome>;

/** Reads what a demo left in the folders of the synthesizer's run, the pipeline's run and the training. */
export async function measureOutcome(folders: {
  synthesizer: string;
  baseline: string;
  training: string;
}): Promise<Outcome> {
  const endings = await endingsOf(folders.synthesizer);
  const baseline = await endingsOf(folders.baseline);
  const manifest = await readManifest(folders.synthesizer);
  const share = (test: (one: Ending) => boolean, of = endings): ShareFigures => {
    const figures = wilson(of.filter(test).length, of.length);
    return of.length === 0 ? { ...figures, share: null } : figures;
  };
  return {
    passages: manifest?.funnel.passages ?? 0,
    endings,
    sound: share(({ is_sound }) => is_sound),
    passes_paper: share(({ passes_paper }) => passes_paper),
    passes_all: share(({ passes_all }) => passes_all),
    accepted: share(({ is_accepted }) => is_accepted),
    pipeline_accepted: share(({ is_accepted }) => is_accepted, baseline),
    reasons: commonest(endings),
    training: await trainingOf(folders.training),
  };
}

const STRUCTURE: ReadonlySet<string> = new Set(STRUCTURE_CHECKS.map(({ code }) => code));

async function endingsOf(run: string): Promise<Ending[]> {
  const endings: Ending[] = [];
  for await (const { value } of readJsonl(join(run, 'trajectories.jsonl')))
    endings.push(endingOf(Trajectory.parse(value), null));
  for await (const { value } of readJsonl(join(run, 'rejected.jsonl'))) {
    const row = Rejection.parse(value);
    endings.push(endingOf(row, row));
  }
  return endings;
}

function endingOf({ source, checks }: Trajectory, rejection: Rejection | null): Ending {
  const errors = checks.filter(({ severity }) => severity === 'error');
  const isRead = rejection === null || !UNREAD.has(rejection.rejected_by);
  const codes = [...new Set(errors.map(({ code }) => code))];
  const judged = rejection?.rejected_by === 'judge' ? ['judge'] : [];
  return {
    passage: source.id,
    is_sound: isRead && !codes.some((code) => STRUCTURE.has(code)),
    passes_paper: isRead && !paperGateFails(checks),
    passes_all: isRead && !strictGateFails(checks),
    is_accepted: rejection === null,
    reasons: isRead ? [...codes, ...judged] : [`not read: ${shortened(rejection?.reason ?? '')}`],
  };
}

/** Rows of these hold no conversation. */
const UNREAD: ReadonlySet<string> = new Set(['filter', 'extract', 'generate', 'synthesize']);

function shortened(reason: string): string {
  const words = reason.replace(/"[^"]*"|\d+/g, '…');
  return words.length > 70 ? `${words.slice(0, 69)}…` : words;
}

function commonest(endings: readonly Ending[]): Outcome['reasons'] {
  const counts = new Map<string, number>();
  for (const reason of endings.flatMap(({ reasons }) => reasons))
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, answers]) => ({ reason, answers }))
    .sort((a, b) => b.answers - a.answers);
}

async function trainingOf(folder: string): Promise<Outcome['training']> {
  const { dataset, recipe, steps, starts, loss, versions } = await requireTraining(folder);
  const spans = starts.map(
    ({ at, ended_at }) => (Date.parse(ended_at ?? at) - Date.parse(at)) / 1000,
  );
  return {
    rows: dataset.rows,
    steps: steps.done,
    rows_of_a_step: recipe.batch_size,
    seconds: Math.round(spans.reduce((sum, span) => sum + span, 0)),
    first_loss: loss.first,
    last_loss: loss.last,
    versions,
  };
}
