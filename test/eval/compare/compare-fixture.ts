import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalHead } from '../../../core/llm/journal-line.ts';
import type { PassageLine } from '../../../core/run/commit-log.ts';
import type { Manifest } from '../../../core/run/manifest.ts';
import type { Rejection, Trajectory } from '../../../core/trajectory.ts';
import { CHECKS_VERSION } from '../../../synth/check/run-checks.ts';
import { trajectory, writeRun } from '../run-report/run-fixture.ts';

/** What a run is made of, beside its rows. */
export interface FixtureRun {
  accepted?: Trajectory[];
  rejected?: Rejection[];
  /** Passages that ended without a row. */
  filtered?: string[];
  /** Tokens that each passage took; no journal without. */
  tokens?: (passage: string) => number;
  manifest?: Partial<Manifest>;
}

/** Settings as this version writes them: the rows' own findings are compared. */
export const SETTINGS = {
  gate: 'strict',
  seed: 11,
  language: 'English',
  checks_version: CHECKS_VERSION,
};

/** A run's folder with passages.jsonl and, where tokens are given, a journal. */
export async function writeComparedRun(run: FixtureRun): Promise<string> {
  const { accepted = [], rejected = [], filtered = [], tokens } = run;
  const folder = await writeRun({
    accepted,
    rejected,
    manifest: { fingerprint_parts: SETTINGS, ...run.manifest },
  });
  const sources = [...accepted, ...rejected].map(({ source }) => source.id);
  const passages = [...new Set([...sources, ...filtered])];
  await writeLines(
    join(folder, 'passages.jsonl'),
    passages.map((id) => endOf(id, filtered)),
  );
  if (tokens !== undefined)
    await writeLines(
      join(folder, 'journal.jsonl'),
      passages.map((id) => answerFor(id, tokens(id))),
    );
  return folder;
}

/** Rows `row-0`, `row-1`, ..., each of a passage of its own; `change` spoils some. */
export function manyRows(
  count: number,
  change: (index: number) => Parameters<typeof trajectory>[1] = () => ({}),
): Trajectory[] {
  return Array.from({ length: count }, (_, index) => trajectory(`row-${index}`, change(index)));
}

async function writeLines(path: string, values: unknown[]): Promise<void> {
  await writeFile(path, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

function endOf(id: string, filtered: readonly string[]): PassageLine {
  const isFiltered = filtered.includes(id);
  const counts = isFiltered
    ? { passages: 1, filtered_not_multi_step: 1 }
    : { passages: 1, multi_step: 1, workflows: 1, generated: 1 };
  return {
    id,
    outcome: isFiltered ? 'filtered' : 'done',
    reason: null,
    counts,
    sizes: { trajectories: 0, rejected: 0, surplus: 0 },
  };
}

function answerFor(passage: string, tokens: number): JournalHead & { request: null } {
  return {
    key: `key of ${passage}`,
    stage: 'generate',
    passage,
    endpoint: 'cluster',
    model: 'teacher-large',
    prompt_tokens: tokens,
    cached_tokens: 0,
    completion_tokens: 0,
    estimated: false,
    cost_usd: tokens / 1e6,
    seconds: 2,
    at: '2026-03-01T08:00:00.000Z',
    reused: false,
    request: null,
  };
}
