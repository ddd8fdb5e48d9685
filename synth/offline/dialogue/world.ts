import type { Random } from '../seed.ts';
import { personName } from '../value-kinds.ts';
import { referenceFor } from '../values.ts';
import { singular } from '../words/grammar.ts';
import { CREATES, participle, VERBS } from '../words/verbs.ts';
import type { Arguments } from './script.ts';
import type { ToolModel } from './tool-model.ts';

export type Result = Record<string, unknown>;

/** The invented database behind the tools: what a call returns, the same keys for the same tool throughout. */
export class World {
  readonly #random: Random;
  readonly #detail: number;
  readonly #extras = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** `detail` is the share of record types with a further field. */
  constructor(random: Random, detail = 0.5) {
    this.#random = random;
    this.#detail = detail;
  }

  /** What a successful call returns. */
  answer(tool: ToolModel, args: Arguments): Result {
    if (tool.writes) return this.#written(tool, args);
    return tool.returns.length > 0 ? this.#opened(tool, args) : this.#checked(tool, args);
  }

  /** An id of this conversation that nothing else has. */
  newId(name: string): string {
    for (;;) {
      const id = referenceFor(name, this.#random);
      if (this.#taken.has(id)) continue;
      this.#taken.add(id);
      return id;
    }
  }

  #opened(tool: ToolModel, args: Arguments): Result {
    const key = JSON.stringify(args);
    const ids = tool.returns.map((name) => [
      name,
      this.#idFor(`${tool.name} ${key} ${name}`, name),
    ]);
    if (tool.returns.includes('session_id')) return { ...Object.fromEntries(ids), state: 'ready' };
    const extra = this.#extraOf(tool.name);
    return {
      ...Object.fromEntries(ids),
      ...(extra === 'holder' ? { holder: personName(this.#random) } : {}),
      status: 'active',
    };
  }

  #checked(tool: ToolModel, args: Arguments): Result {
    const noun = tool.name.replace(/^[a-z]+_(?:up_|for_|in_|out_|off_|on_)?/, '');
    if (/^(?:measure|weigh|count|calculate|estimate)$/.test(tool.verb)) {
      const unit =
        tool.verb === 'weigh'
          ? `${noun}_kg`
          : tool.verb === 'count'
            ? noun
            : /temperature/.test(noun)
              ? `${noun}_c`
              : noun;
      return { ...ids(args), [unit]: this.#random.int(3, 24) };
    }
    return { ...ids(args), [noun]: stateOf(tool.verb, noun, this.#random) };
  }

  #written(tool: ToolModel, args: Arguments): Result {
    const made = idsMade(tool).map((name) => [name, this.newId(name)]);
    const given = Object.entries(args).filter(([name]) => !tool.returns.includes(name));
    return { ...Object.fromEntries(made), ...Object.fromEntries(given), status: statusAfter(tool) };
  }

  #idFor(key: string, name: string): string {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.newId(name);
    this.#ids.set(key, id);
    return id;
  }

  /** Which further field a tool's records have is decided once. */
  #extraOf(tool: string): string {
    const known = this.#extras.get(tool);
    if (known !== undefined) return known;
    const extra = this.#random.chance(this.#detail) ? 'holder' : 'none';
    this.#extras.set(tool, extra);
    return extra;
  }
}

/** The ids of what a write makes: those that other tools want, or one of its object. */
function idsMade({ verb, name, returns, parameters }: ToolModel): string[] {
  if (returns.length > 0) return returns;
  const noun = name.split('_').at(-1) ?? '';
  const id = `${singular(noun)}_id`;
  return (CREATES.test(verb) || name === 'place_order') &&
    !parameters.some((one) => one.name === id)
    ? [id]
    : [];
}

/** The state of a record after a write: "booked", "frozen". */
function statusAfter(tool: ToolModel): string {
  const done = VERBS.has(tool.verb) ? participle(tool.verb) : 'done';
  const particle = tool.phrase.split(' ')[1] ?? '';
  return /^(?:on|off|up|in|out)$/.test(particle) ? `${done} ${particle}` : done;
}

function ids(args: Arguments): Arguments {
  return Object.fromEntries(Object.entries(args).filter(([name]) => name.endsWith('_id')));
}

function stateOf(verb: string, noun: string, random: Random): string {
  if (VERBS.get(verb) === 'move')
    return /^(?:open|go|navigate|launch|start|click)$/.test(verb) ? 'open' : 'selected';
  if (/damage|error|debt|fault|conflict|objection/.test(noun)) return 'none';
  if (/eligib|entitle/.test(noun)) return 'eligible';
  if (/availab|stock|seat|room|slot|berth/.test(noun)) return 'available';
  if (/^(?:find|look|search|get|list|locate)$/.test(verb)) return 'on record';
  if (verb === 'compare' || verb === 'match') return 'matching';
  if (/identity|card|passport|address|licen|certificate|signature/.test(noun))
    return random.pick(['valid', 'verified']);
  return random.pick(['complete', 'in order', 'correct', 'up to date']);
}
