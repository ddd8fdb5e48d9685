import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';
import type { Row, RowMessage } from '../row.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** A call with its arguments read and what came of it. */
export interface CallRecord {
  message: number;
  /** Its place among the calls of its message. */
  index: number;
  path: string;
  name: string;
  /** Undefined where the arguments are no JSON object. */
  args: Record<string, unknown> | undefined;
  /** The message that answers it. */
  result: RowMessage | undefined;
  outcome: Outcome;
}

const MAX_ARGUMENTS = 256 * 1024;
const MAX_CALLS = 2000;
const known = new WeakMap<Row, readonly CallRecord[]>();

/** The first 2,000 calls of a row in their order; read once a row. */
export function callRecords(row: Row): readonly CallRecord[] {
  const read = known.get(row) ?? readRecords(row.messages).slice(0, MAX_CALLS);
  known.set(row, read);
  return read;
}

function readRecords(messages: readonly RowMessage[]): CallRecord[] {
  return messages.flatMap(({ calls, index: message }) => {
    if (calls.length === 0) return [];
    const results = resultsAfter(messages, message);
    return calls.map(({ id, name, path, text }, index) => {
      const value = text.length > MAX_ARGUMENTS ? undefined : jsonOrUndefined(text);
      const result = results.get(id);
      return {
        message,
        index,
        path,
        name,
        args: isObject(value) ? value : undefined,
        result,
        outcome: result === undefined ? 'unclear' : outcomeOf(result.content),
      };
    });
  });
}

/** The results that follow a message at once, by the ids of their calls. */
function resultsAfter(messages: readonly RowMessage[], message: number): Map<string, RowMessage> {
  const results = new Map<string, RowMessage>();
  for (let at = message + 1; messages[at]?.role === 'tool'; at += 1) {
    const result = messages[at];
    if (result !== undefined && !results.has(result.callId)) results.set(result.callId, result);
  }
  return results;
}
