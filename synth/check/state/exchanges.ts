import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { type Leaf, leavesOf } from '../grounding/leaves.ts';
import { type Result, sightOf } from '../grounding/sight.ts';
import type { Row, RowCall } from '../row.ts';

/** A call with the result that answers it. */
export interface Exchange {
  call: RowCall;
  args: readonly Leaf[];
  /** The message of the result. */
  message: number;
  /** What the result's JSON holds; undefined for plain text. */
  result: Result | undefined;
  failed: boolean;
  /** Whether the tool's name says that it changes nothing. */
  read: boolean;
  /** The call without its id: equal for equal calls. */
  signature: string;
}

const READS =
  /^(?:get|find|search|list|look|lookup|check|read|show|fetch|view|calculate|compute|query|describe|count|verify|display|estimate|retrieve|validate|track|compare|browse|inspect|preview|quote|cat|ls|pwd|tail|head|wc|grep|diff|think|mean|logarithm)(?:_|$|[A-Z])/i;

const exchanges = new WeakMap<Row, readonly Exchange[]>();

/** The calls of a row that were answered, in order, read once for all checks. */
export function exchangesOf(row: Row): readonly Exchange[] {
  const known = exchanges.get(row) ?? readExchanges(row);
  exchanges.set(row, known);
  return known;
}

/** Ids may come again: a result follows its call at once. */
function readExchanges(row: Row): Exchange[] {
  const { results } = sightOf(row);
  const found: Exchange[] = [];
  let open: RowCall[] = [];
  for (const { role, index, calls, callId, content } of row.messages) {
    if (role !== 'tool') {
      open = [...calls];
      continue;
    }
    const at = open.findIndex(({ id }) => id === callId);
    const [call] = at < 0 ? [] : open.splice(at, 1);
    if (call === undefined) continue;
    const args = jsonOrUndefined(call.text);
    const result = results.get(index);
    found.push({
      call,
      args: isObject(args) ? leavesOf(args) : [],
      message: index,
      result,
      failed: isFailure(result?.value, content),
      read: READS.test(call.name),
      signature: `${call.name} ${sameText(args, call.text)}`,
    });
  }
  return found;
}

/** Equal for arguments that differ in white space alone; as written where they are nested too deep. */
function sameText(args: unknown, text: string): string {
  try {
    return isObject(args) ? JSON.stringify(args) : text;
  } catch {
    return text;
  }
}

function isFailure(value: unknown, content: string): boolean {
  if (!isObject(value)) return /^\W{0,3}(?:error|fail|exception|invalid)/i.test(content);
  const { error, errors, success, ok, status } = value;
  if (success === false || ok === false || errors !== undefined) return true;
  if (typeof status === 'string' && /^(?:error|failed|failure)$/i.test(status)) return true;
  return error !== undefined && error !== null && error !== false && error !== '';
}
