import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonl } from '../jsonl-read.ts';
import { PassageLine } from './commit-log.ts';
import { parseLine } from './parse-line.ts';

/** A file of rows, as passages.jsonl names it. */
export type RowFile = keyof PassageLine['sizes'];

/** Bytes of a row file: whole lines. */
export interface Span {
  file: RowFile;
  from: number;
  to: number;
}

/** A passage's end and where its rows stand now. */
export interface PassageSpans {
  line: PassageLine;
  spans: Span[];
}

/** Surplus rows that a higher target took in: bytes behind `cut` went to `into` in the accepted rows. */
interface Promotion {
  line: number;
  cut: number;
  into: number;
}

/**
 * A run's passages in the order in which they ended, each with the places of its rows; nothing is held but one of
 * them. Rows behind the last line of passages.jsonl are of a passage that has not ended, and are left out.
 * @throws UsageError for a passages.jsonl that is not as the run wrote it
 */
export async function* passageSpans(folder: string): AsyncGenerator<PassageSpans> {
  const promotions = await promotionsOf(folder);
  let before: PassageLine['sizes'] = NONE;
  for await (const { line, index } of passageLines(folder)) {
    const spans = spansOf(before, line.sizes, index, promotions);
    before = line.sizes;
    if (line.outcome === 'promoted' || line.outcome === 'failed') continue;
    yield { line, spans };
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
