import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { quantitiesIn } from '../../../core/text/quantities.ts';
import type { Row, RowCall } from '../row.ts';
import { type ArgumentKind, argumentKind, snakeCase } from './argument-kind.ts';
import { type Leaf, leavesOf, pathOf, type Scalar } from './leaves.ts';
import { PhoneBook } from './match-contact.ts';
import { Calendar } from './match-date.ts';
import { matchNumber } from './match-number.ts';
import { Sums } from './match-sum.ts';
import { matchText } from './match-text.ts';
import type { Place } from './phrase-index.ts';
import { type ArgumentSchema, argumentSchema } from './schema-node.ts';
import { type Sight, sightOf } from './sight.ts';
import { ToolNumbers } from './tool-numbers.ts';
import { wordsOf } from './words.ts';

/** How an argument's value came from what was in sight. */
type GroundingKind =
  | 'exact'
  | 'normalised'
  | 'joined'
  | 'number'
  | 'unit'
  | 'arithmetic'
  | 'date'
  | 'time'
  | 'relative'
  | 'enum'
  | 'boolean'
  | 'default'
  | 'repeated'
  | 'trivial'
  | 'proposed'
  | 'sibling'
  | 'derived'
  | 'ungrounded';

/** A scalar of a call's arguments and the earliest place before the call that gives it. */
export interface Grounding {
  message_index: number;
  call_index: number;
  /** Below the arguments: `passengers[0].dob`. */
  path: string;
  value: Scalar;
  kind: GroundingKind;
  /** A span of a message's content, or of the value at `path` in the JSON of a result; null where none is known. */
  source: { message_index: number; path: string | null; start: number; end: number } | null;
}

/** Traces each scalar of each call's arguments to the earliest place before it. */
export function groundingsOf(row: Row): Grounding[] {
  return tracesOf(row).map(({ call, leaf, match }) => ({
    message_index: call.message,
    call_index: Number(/\d+/.exec(call.path)?.[0] ?? 0),
    path: pathOf(leaf.branch),
    value: leaf.value,
    kind: match.kind,
    source: sourceOf(match.place),
  }));
}

function sourceOf(place: Place | null): Grounding['source'] {
  if (place === null) return null;
  const { origin, start, end } = place;
  const path = origin.branch === undefined ? null : pathOf(origin.branch);
  return { message_index: origin.message, path, start, end };
}

interface Match {
  kind: GroundingKind;
  place: Place | null;
}

const UNGROUNDED: Match = { kind: 'ungrounded', place: null };

export interface Trace {
  call: RowCall;
  leaf: Leaf;
  argument: ArgumentKind;
  schema: ArgumentSchema;
  match: Match;
}

const traces = new WeakMap<Row, readonly Trace[]>();

/** The traces of a row, made once for all its checks. */
export function tracesOf(row: Row): readonly Trace[] {
  const known = traces.get(row) ?? new Tracer(row).trace();
  traces.set(row, known);
  return known;
}

/** A value to explain: an argument of a call of the tool with this place among the tools. */
interface Wanted {
  leaf: Leaf;
  argument: ArgumentKind;
  args: readonly Leaf[];
  tool: number | undefined;
  before: number;
}

class Tracer {
  readonly #row: Row;
  readonly #sight: Sight;
  readonly #calendar: Calendar;
  readonly #sums: Sums;
  readonly #phones: PhoneBook;
  readonly #toolNumbers: ToolNumbers;
  readonly #given = new Set<Scalar>();

  constructor(row: Row) {
    this.#row = row;
    this.#sight = sightOf(row);
    this.#calendar = new Calendar(this.#sight);
    this.#sums = new Sums(this.#sight);
    this.#phones = new PhoneBook(this.#sight);
    this.#toolNumbers = new ToolNumbers(row);
  }

  trace(): Trace[] {
    return this.#row.calls.flatMap((call) => this.#traceCall(call));
  }

  #traceCall(call: RowCall): Trace[] {
    const args = jsonOrUndefined(call.text);
    if (!isObject(args)) return [];
    const tool = this.#row.toolsByName.get(call.name)?.index;
    const leaves = leavesOf(args);
    const siblings = this.#siblingResults(call);
    return leaves.map((leaf) => {
      const schema = argumentSchema(this.#row, tool, leaf.branch);
      const argument = argumentKind(leaf, schema);
      const find = (before: number): Match =>
        this.#match(leaf, argument, schema, before) ??
        this.#derive({ leaf, argument, args: leaves, tool, before });
      const known = find(call.message);
      const later = known === UNGROUNDED && siblings !== undefined ? find(siblings) : UNGROUNDED;
      const match: Match = later === UNGROUNDED ? known : { kind: 'sibling', place: later.place };
      this.#given.add(leaf.value);
      return { call, leaf, argument, schema, match };
    });
  }

  /** The message after the results of the calls that stand before a call in its turn; undefined without any. */
  #siblingResults({ message, path }: RowCall): number | undefined {
    const { messages } = this.#row;
    const calls = messages[message]?.calls ?? [];
    const at = calls.findIndex((one) => one.path === path);
    if (at <= 0) return undefined;
    const ids = new Set(calls.slice(0, at).map(({ id }) => id));
    let end = message + 1;
    for (let next = messages[end]; next?.role === 'tool'; next = messages[end]) {
      if (!ids.has(next.callId)) break;
      end += 1;
    }
    return end === message + 1 ? undefined : end;
  }

  /** Where a value was said or returned, or what the schema says of it. */
  #match(
    { value, key }: Leaf,
    argument: ArgumentKind,
    schema: ArgumentSchema,
    before: number,
  ): Match | undefined {
    if (argument === 'boolean' || argument === 'empty')
      return { kind: argument === 'boolean' ? 'boolean' : 'trivial', place: null };
    const text = String(value);
    const sight = this.#sight;
    const found =
      (argument === 'date' ? this.#calendar.matchDate(text.trim(), before) : undefined) ??
      (argument === 'time' ? this.#calendar.matchTime(text, before) : undefined) ??
      (argument === 'number'
        ? matchNumber(Number(value), { key, description: schema.description }, sight, before)
        : matchText(text, key, sight, before));
    return found ?? schemaMatch(value, schema);
  }

  /** What else may explain a value that is nowhere in sight. */
  #derive(wanted: Wanted): Match {
    const { leaf, argument, before } = wanted;
    const text = String(leaf.value);
    if (this.#given.has(leaf.value)) return { kind: 'repeated', place: null };
    if (argument === 'number') return this.#deriveNumber(wanted);
    const phone = argument === 'contact' ? this.#phones.match(text, before) : undefined;
    if (phone !== undefined) return { kind: 'normalised', place: phone };
    if (argument === 'expression' && this.#isExpression(text, before))
      return { kind: 'arithmetic', place: null };
    if (argument === 'text' && this.#isDerived(text, before))
      return { kind: 'derived', place: null };
    const isGuarded = argument === 'id' || argument === 'name';
    return this.#proposed(
      isGuarded ? undefined : this.#sight.said.phrases.find(text, before),
      before,
    );
  }

  /** Rounded, told by the tool, worked out, too small to tell, or put to the user. */
  #deriveNumber({ leaf, args, tool, before }: Wanted): Match {
    const number = Number(leaf.value);
    const rounded = this.#sight.rounded(number, before);
    if (rounded !== undefined) return { kind: 'number', place: rounded.place };
    const told = this.#toolNumbers.of(tool, leaf.branch);
    if (told.includes(number)) return { kind: 'default', place: null };
    const place = this.#sums.match(number, args, leaf, before, told);
    if (place !== undefined) return { kind: 'arithmetic', place };
    if (
      (Number.isInteger(number) && Math.abs(number) <= 2) ||
      (isChoice(leaf.key) && number <= 100)
    )
      return { kind: 'trivial', place: null };
    return this.#proposed(this.#sight.said.number(number)?.place, before);
  }

  /** What the assistant put to the user before the call; the user could say no. */
  #proposed(place: Place | undefined, before: number): Match {
    const { message } = place?.origin ?? { message: before };
    const asked = message < before && this.#sight.heardBetween(message, before);
    return asked && place !== undefined ? { kind: 'proposed', place } : UNGROUNDED;
  }

  #isExpression(text: string, before: number): boolean {
    return quantitiesIn(text.replace(/[-+*/%^()]/g, ' ')).every(
      ({ value }) => value <= 12 || this.#sight.number(value, before) !== undefined,
    );
  }

  /** A text of several words is derived when half of its longer words were used before. */
  #isDerived(text: string, before: number): boolean {
    const words = wordsOf(text.slice(0, 4000)).words.filter((word) => word.length > 3);
    if (words.length < 2) return false;
    const known = words.filter((word) => this.#sight.words([word], before) !== undefined);
    return known.length * 2 >= words.length;
  }
}

/** Arguments that a caller may choose: how many results, in which step. */
function isChoice(key: string): boolean {
  return /^(?:limit|page|page_size|offset|top_k|max_results|per_page|retries)$/.test(
    snakeCase(key),
  );
}

function schemaMatch(value: Scalar, schema: ArgumentSchema): Match | undefined {
  if (schema.allowed.includes(value)) return { kind: 'enum', place: null };
  const known = schema.default === value || schema.examples.includes(value);
  return known ? { kind: 'default', place: null } : undefined;
}
