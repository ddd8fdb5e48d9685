import { sha256 } from '../../../core/hash.ts';
import { type Share, wilson } from '../../../core/stats/wilson.ts';
import type { Finding } from '../../../core/trajectory.ts';
import type { CheckContext } from '../row.ts';
import { checkConversation } from '../run-checks.ts';
import { caughtBy, cleanRowOf, corrupt } from './corrupt.ts';
import type { CleanRow, Mutation } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';

/** How many of one kind of corruption there were, and how many were caught, also by an error. */
export interface KindCount {
  mutation: Mutation;
  n: number;
  caught: number;
  asError: number;
  /** Rows where it was not caught. */
  missed: string[];
}

const MAX_MISSED = 5;

/** Which half of the rows: checks are tuned on one and reported on the other. */
export type Half = 'tune' | 'report' | 'all';

/** Whether a row is of a half, by the hash of its id. */
export function isInHalf(id: string, half: Half): boolean {
  return (
    half === 'all' || (Number.parseInt(sha256(id).slice(0, 2), 16) % 2 === 0) === (half === 'tune')
  );
}

/** Counts what the checks find in clean rows and in corruptions of them; holds the counts alone. */
export class Calibration {
  readonly kinds: readonly KindCount[] = MUTATIONS.map((mutation) => ({
    mutation,
    n: 0,
    caught: 0,
    asError: 0,
    missed: [],
  }));
  /** Findings on clean rows: how many of a code and severity, and in how many rows. */
  readonly falseAlarms = new Map<string, { findings: number; rows: number; example: string }>();
  rows = 0;
  calls = 0;
  #rowsWithError = 0;
  #callsWithError = 0;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The share of clean rows with an error. */
  get rowsFlagged(): Share {
    return wilson(this.#rowsWithError, this.rows);
  }

  /** The share of the calls in clean rows that an error is about. */
  get callsFlagged(): Share {
    return wilson(this.#callsWithError, this.calls);
  }

  /** Checks a clean row, and each corruption of it. */
  add(id: string, context: CheckContext): void {
    const findings = checkConversation(context);
    this.#countClean(id, context, findings);
    const clean = cleanRowOf(context);
    if (clean === null) return;
    for (const kind of this.kinds) this.#corrupt(id, context, clean, kind, findings);
  }

  #countClean(id: string, { conversation }: CheckContext, findings: readonly Finding[]): void {
    this.rows += 1;
    if (findings.some(({ severity }) => severity === 'error')) this.#rowsWithError += 1;
    const calls = callPlaces(conversation.messages);
    this.calls += calls.length;
    this.#callsWithError += calls.filter((place) =>
      findings.some((finding) => finding.severity === 'error' && isAbout(finding, place)),
    ).length;
    const seen = new Set<string>();
    for (const { severity, code, text, message_index } of findings) {
      const key = `${severity} ${code}`;
      const count = this.falseAlarms.get(key) ?? {
        findings: 0,
        rows: 0,
        example: `${id} message ${message_index ?? '-'}: ${text}`,
      };
      count.findings += 1;
      if (!seen.has(key)) count.rows += 1;
      seen.add(key);
      this.falseAlarms.set(key, count);
    }
  }

  #corrupt(
    id: string,
    context: CheckContext,
    clean: CleanRow,
    kind: KindCount,
    before: readonly Finding[],
  ): void {
    const corruption = corrupt(id, clean, kind.mutation, this.#seed);
    if (corruption === null) return;
    kind.n += 1;
    const after = checkConversation({ ...context, ...corruption });
    const caught = caughtBy(kind.mutation, clean, corruption, before, after);
    if (caught.length > 0) kind.caught += 1;
    else if (kind.missed.length < MAX_MISSED) kind.missed.push(id);
    if (caught.some(({ severity }) => severity === 'error')) kind.asError += 1;
  }
}

interface CallPlace {
  message: number;
  path: string;
}

function callPlaces(messages: readonly unknown[]): CallPlace[] {
  return messages.flatMap((message, index) => {
    const calls = typeof message === 'object' && message !== null && 'tool_calls' in message;
    const list = calls ? message.tool_calls : undefined;
    return Array.isArray(list)
      ? list.map((_, at) => ({ message: index, path: `tool_calls[${at}]` }))
      : [];
  });
}

function isAbout({ message_index, path }: Finding, place: CallPlace): boolean {
  return message_index === place.message && path?.startsWith(place.path) === true;
}
