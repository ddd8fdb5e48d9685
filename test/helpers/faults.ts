import { createHash } from 'node:crypto';
import {
  type Action,
  type Answer,
  answer,
  htmlPage,
  invalidJson,
  invalidUtf8,
  tooManyRequests,
} from './model-actions.ts';
import type { Script } from './model-server.ts';

/** What can go wrong with a good answer. */
const FAULTS = {
  throttled: () => tooManyRequests(0),
  server_error: (): Action => ({ kind: 'status', status: 500 }),
  unavailable: (): Action => ({ kind: 'status', status: 503, body: 'Service Unavailable' }),
  hang: (): Action => ({ kind: 'hang' }),
  reset: (): Action => ({ kind: 'reset', when: 'before' }),
  reset_mid_body: (): Action => ({ kind: 'reset', when: 'mid-body' }),
  half_body: (): Action => ({ kind: 'half-body' }),
  html: () => htmlPage(),
  invalid_json: ({ text }: Answer) => invalidJson(text),
  invalid_utf8: ({ text }: Answer) => invalidUtf8(text),
  /** Cut by the token limit. */
  truncated: ({ text }: Answer) =>
    answer(text.slice(0, text.length / 2), { finishReason: 'length' }),
  empty: () => answer(''),
  /** The model lost its thread: every other line is missing. */
  malformed: ({ text }: Answer) =>
    answer(
      text
        .split('\n')
        .filter((_, line) => line % 2 === 1)
        .join('\n'),
    ),
} satisfies Record<string, (good: Answer) => Action>;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS).filter((kind): kind is FaultKind => kind in FAULTS);

/**
 * Puts faults into a script's good answers; other actions stay as they are.
 * @param seed the same seed gives the same request numbers the same faults
 * @param share of the requests that go wrong, from 0 to 1
 * @param kinds equally often; all of them unless given
 */
export function seededFaults(
  seed: number,
  share: number,
  kinds: readonly FaultKind[] = FAULT_KINDS,
): (script: Script) => Script {
  return (script) => async (request) => {
    const action = await script(request);
    if (action.kind !== 'answer' || chance(seed, request.number, 'whether') >= share) return action;
    const kind = kinds[Math.floor(chance(seed, request.number, 'which') * kinds.length)];
    return kind === undefined ? action : FAULTS[kind](action);
  };
}

/** From 0 up to 1, and always the same for the same arguments. */
function chance(...of: (string | number)[]): number {
  return createHash('sha256').update(of.join(' ')).digest().readUInt32BE() / 2 ** 32;
}
