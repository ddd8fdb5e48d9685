import { errorMessage } from '../errors.ts';
import { isObject, jsonOrUndefined } from './arguments.ts';
import { type LooseConversation, looseOpenAi } from './loose.ts';
import { looseHermes, looseShareGpt } from './loose-turns.ts';
import { fromTau2, isTau2Results, type Tau2Simulation, tau2Simulations } from './tau2.ts';
import { fromToucan } from './toucan.ts';

/** The formats that conversations are read from, as --format names them. */
export const ROW_FORMATS = ['openai', 'sharegpt', 'hermes', 'tau2', 'toucan'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

/** A row of a file: the object it was, and its conversation or why there is none. */
export interface ReadRow {
  fields: Record<string, unknown>;
  format: RowFormat | null;
  conversation: LooseConversation | null;
  /** Why there is no conversation; empty where there is one. */
  problem: string;
}

/**
 * Reads one value of a file (a line, an element, a record) as the rows it holds: one, or the simulations of
 * a tau2 results.json. Never throws: what cannot be read is a row with a problem.
 */
export function readRows(value: unknown, asked: RowFormat | 'auto'): ReadRow[] {
  if (!isObject(value)) return [unreadable({}, null, 'the row is no JSON object')];
  const format = asked === 'auto' ? detectFormat(value) : asked;
  if (format === null) {
    const names = Object.keys(value).slice(0, 12).join(', ');
    const text = `none of messages, conversations, simulations is among its fields (${names || 'none'})`;
    return [unreadable(value, null, text)];
  }
  try {
    if (format !== 'tau2') return [readable(value, format, READERS[format](value))];
    return simulationsOf(value).map((one) => readSimulation(one));
  } catch (error) {
    return [unreadable(value, format, errorMessage(error))];
  }
}

/** The format that a row plainly is in; null when it is none. */
function detectFormat(row: Record<string, unknown>): RowFormat | null {
  if (isTau2Results(row)) return 'tau2';
  if (Array.isArray(row.conversations)) return detectTurns(row.conversations);
  const messages = messagesOf(row);
  if (!Array.isArray(messages)) return null;
  if (messages.some(isToucanMessage)) return 'toucan';
  if ('reward_info' in row || 'termination_reason' in row) return 'tau2';
  return 'openai';
}

const READERS: Record<
  Exclude<RowFormat, 'tau2'>,
  (row: Record<string, unknown>) => LooseConversation
> = {
  openai: (row) => looseOpenAi({ ...row, messages: messagesOf(row) }),
  sharegpt: looseShareGpt,
  hermes: looseHermes,
  toucan: fromToucan,
};

/** Some keep the list as its JSON. */
function messagesOf({ messages }: Record<string, unknown>): unknown {
  return typeof messages === 'string' ? jsonOrUndefined(messages) : messages;
}

function isToucanMessage(message: unknown): boolean {
  if (!isObject(message)) return false;
  const { role } = message;
  if (role === 'tool_call' || role === 'tool_response') return true;
  return role === 'function' || (role === 'assistant' && isObject(message.function_call));
}

const HERMES_MARKS = /<tools>|<tool_call>|<tool_response>/;

function detectTurns(turns: readonly unknown[]): 'hermes' | 'sharegpt' {
  const isHermes = turns.some((turn) => {
    if (!isObject(turn)) return false;
    if (turn.from === 'function_call' || turn.from === 'observation') return false;
    return typeof turn.value === 'string' && HERMES_MARKS.test(turn.value);
  });
  const hasCalls = turns.some((turn) => isObject(turn) && turn.from === 'function_call');
  return isHermes && !hasCalls ? 'hermes' : 'sharegpt';
}

/** A file may also have the simulations one a line, without the policy. */
function simulationsOf(value: Record<string, unknown>): Tau2Simulation[] {
  if (isTau2Results(value)) return tau2Simulations(value);
  return [{ simulation: value, policy: null, toolDefinitions: value.tools ?? null }];
}

function readSimulation(one: Tau2Simulation): ReadRow {
  const { simulation } = one;
  if (!isObject(simulation)) return unreadable({}, 'tau2', 'the simulation is no object');
  try {
    return readable(simulation, 'tau2', fromTau2(one));
  } catch (error) {
    return unreadable(simulation, 'tau2', errorMessage(error));
  }
}

function readable(
  fields: Record<string, unknown>,
  format: RowFormat,
  conversation: LooseConversation,
): ReadRow {
  return { fields, format, conversation, problem: '' };
}

function unreadable(
  fields: Record<string, unknown>,
  format: RowFormat | null,
  problem: string,
): ReadRow {
  return { fields, format, conversation: null, problem };
}
