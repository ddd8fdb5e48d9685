import { type FoundRow, readRows } from '../../core/run/find-row.ts';
import { table } from '../../core/table.ts';
import type { SynthConfig } from '../config.ts';
import { decidingFindings } from '../review.ts';
import { endInWords, endOf, type RowEnd } from './row-end.ts';

/** Rows that ended one way in the source and another way in the rechecked run. */
interface Change {
  before: RowEnd;
  now: RowEnd;
  rows: number;
  /** Of these rows, those in which a code's errors decided: now, or before where they no longer do. */
  codes: Record<string, number>;
}

/** What a recheck changed. */
export interface Changes {
  rows: number;
  acceptedBefore: number;
  acceptedNow: number;
  /** The commonest first. */
  changes: Change[];
}

/** Counts what changed sides from the rechecked run's rows alone: each tells how it had ended before. */
export async function changesOf(folder: string, gate: SynthConfig['gate']): Promise<Changes> {
  const changes = new Map<string, Change>();
  const counts = { rows: 0, acceptedBefore: 0, acceptedNow: 0 };
  for await (const found of readRows(folder, ['accepted', 'rejected'])) {
    const from = found.row.provenance.rechecked_from;
    if (from === undefined) throw new Error(`row ${found.row.id} does not tell where it is from`);
    const now = endOf(found);
    counts.rows += 1;
    if (from.end === 'accepted') counts.acceptedBefore += 1;
    if (now === 'accepted') counts.acceptedNow += 1;
    if (from.end === now) continue;
    const key = `${from.end} ${now}`;
    const change = changes.get(key) ?? { before: from.end, now, rows: 0, codes: {} };
    changes.set(key, change);
    change.rows += 1;
    for (const code of now === 'check' ? decidingCodes(found, gate) : from.codes)
      change.codes[code] = (change.codes[code] ?? 0) + 1;
  }
  return { ...counts, changes: [...changes.values()].sort((a, b) => b.rows - a.rows) };
}

/** The changes for people. */
export function changeLines({ rows, acceptedBefore, acceptedNow, changes }: Changes): string[] {
  const changed = changes.reduce((sum, change) => sum + change.rows, 0);
  const cells = changes.map(({ before, now, rows: number, codes }) => [
    endInWords(before),
    endInWords(now),
    number,
    codesInShort(codes),
  ]);
  return [
    ...(cells.length === 0 ? [] : [...table([['before', 'now', 'rows', 'codes'], ...cells]), '']),
    `${changed} of ${rows} rows changed sides; accepted: ${acceptedBefore} before, ${acceptedNow} now`,
  ];
}

function decidingCodes({ row }: FoundRow, gate: SynthConfig['gate']): Set<string> {
  return new Set(decidingFindings(row.checks, gate).map(({ code }) => code));
}

const MOST_CODES = 5;

function codesInShort(codes: Record<string, number>): string {
  const sorted = Object.entries(codes).sort(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, MOST_CODES).map(([code, rows]) => `${code} ${rows}`);
  const more = sorted.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more codes`] : [])].join(', ');
}
