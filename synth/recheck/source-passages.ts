import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { readJsonl } from '../../core/jsonl-read.ts';
import { PassageLine } from '../../core/run/commit-log.ts';
import type { FoundRow } from '../../core/run/find-row.ts';
import { parseLine } from '../../core/run/parse-line.ts';
import { Rejection, Trajectory } from '../../core/trajectory.ts';

/** A passage of a run as it ended there, with all its rows. */
export interface SourcePassage {
  id: string;
  line: PassageLine;
  rows: FoundRow[];
}

type RowFile = keyof PassageLine['sizes'];

/** Bytes of a row file. */
interface Span {
  file: RowFile;
  from: number;
  to: number;
}

/** Surplus rows that a higher target took in: bytes behind `cut` went to `into` in the accepted rows. */
interface Promotion {
  line: number;
  cut: number;
  into: number;
}

/**
 * A run's passages in the order in which they ended, each with its rows: passages.jsonl tells their places, so that
 * nothing is held but one passage. Rows behind its last line are of a passage that has not ended, and are left out.
 * @throws UsageError for a file that is not as the run wrote it
 */
export async function* sourcePassages(folder: string): AsyncGenerator<SourcePassage> {
  const promotions = await promotionsOf(folder);
  let before: PassageLine['sizes'] = NONE;
  for await (const { line, index } of passageLines(folder)) {
    const spans = spansOf(before, line.sizes, index, promotions);
    before = line.sizes;
    if (line.outcome === 'promoted' || line.outcome === 'failed') continue;
    const rows: FoundRow[] = [];
    for (const span of spans) rows.push(...(await rowsAt(folder, span)));
    yield { id: line.id, line, rows };
  }
}

const NONE: PassageLine['sizes'] = { trajectories: 0, rejected: 0, surplus: 0 };

async function* passageLines(folder: string): AsyncGenerator<{ line: PassageLine; index: number }> {
  const path = join(folder, 'passages.jsonl');
  if (!existsSync(path)) return;
  let index = 0;
  for await (const read of readJsonl(path, { onTorn: () => {} })) {
    yield { line: parseLine(PassageLine, read, path), index };
    index += 1;
  }
}

async function promotionsOf(folder: string): Promise<Promotion[]> {
  const promotions: Promotion[] = [];
  let before = NONE;
  for await (const { line, index } of passageLines(folder)) {
    if (line.outcome === 'promoted')
      promotions.push({ line: index, cut: line.sizes.surplus, into: before.trajectories });
    before = line.sizes;
  }
  return promotions;
}

/** Where a passage's rows are now. */
function spansOf(
  before: PassageLine['sizes'],
  after: PassageLine['sizes'],
  index: number,
  promotions: Promotion[],
): Span[] {
  const later = promotions.filter(({ line }) => line > index);
  const spans: Span[] = [
    { file: 'trajectories', from: before.trajectories, to: after.trajectories },
    { file: 'rejected', from: before.rejected, to: after.rejected },
    ...surplusSpans(before.surplus, after.surplus, later),
  ];
  return spans.filter(({ from, to }) => to > from);
}

/** Rows that were written as surplus; a promotion copied the end of the file as it was. */
function surplusSpans(from: number, to: number, later: Promotion[]): Span[] {
  const spans: Span[] = [];
  let end = to;
  for (const { cut, into } of later) {
    if (cut >= end) continue;
    const start = Math.max(from, cut);
    spans.unshift({ file: 'trajectories', from: into + start - cut, to: into + end - cut });
    end = start;
  }
  return [{ file: 'surplus', from, to: end }, ...spans];
}

const STATUS = { trajectories: 'accepted', rejected: 'rejected', surplus: 'surplus' } as const;

async function rowsAt(folder: string, { file, from, to }: Span): Promise<FoundRow[]> {
  const path = join(folder, `${file}.jsonl`);
  const schema = file === 'rejected' ? Rejection : Trajectory;
  const rows: FoundRow[] = [];
  let end = from;
  for await (const line of readJsonl(path, { from, onTorn: () => {} })) {
    const row = parseLine(schema, line, `${path} from byte ${from}`);
    rows.push({ status: STATUS[file], row });
    end = line.offset + line.length + 1;
    if (end >= to) break;
  }
  if (end === to) return rows;
  throw new UsageError(
    `${path} has no rows that end at byte ${to}, where passages.jsonl has a passage's end; was the run changed by hand?`,
  );
}
