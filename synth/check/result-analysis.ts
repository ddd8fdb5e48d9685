import { shorten } from './json-path.ts';
import type { Problem, Row, RowCall, RowMessage } from './row.ts';

/** Pairs calls and results: the results of a turn's calls follow it at once, one a call, by its id. */
export function resultProblems({ messages, calls }: Pick<Row, 'messages' | 'calls'>): Problem[] {
  const problems: Problem[] = [];
  const turn = new Turn(problems);
  for (const message of messages) {
    if (message.role === 'tool') turn.answer(message);
    else {
      turn.end();
      turn.start(message.calls);
    }
  }
  turn.end();
  return [...problems, ...repeatedIds(calls)];
}

/** The calls of the latest message and what has been answered of them. */
class Turn {
  readonly #problems: Problem[];
  #open: RowCall[] = [];
  readonly #answered = new Set<string>();

  constructor(problems: Problem[]) {
    this.#problems = problems;
  }

  start(calls: readonly RowCall[]): void {
    this.#open = [...calls];
    this.#answered.clear();
  }

  answer({ index, callId }: RowMessage): void {
    const at = this.#open.findIndex(({ id }) => id === callId);
    const call = this.#open[at];
    if (call === undefined) {
      const repeated = this.#answered.has(callId);
      const text = repeated ? 'is answered already' : 'is no call of the turn before this result';
      const code = repeated ? 'result_repeated' : 'tool_result_without_call';
      this.#problems.push(hit(code, index, 'tool_call_id', `${shorten(callId)} ${text}`));
      return;
    }
    if (at > 0) {
      const text = `this result of ${shorten(callId)} stands before that of ${shorten(this.#open[0]?.id ?? '')}`;
      this.#problems.push(hit('results_out_of_order', index, 'tool_call_id', text));
    }
    this.#open.splice(at, 1);
    this.#answered.add(callId);
  }

  end(): void {
    for (const { message, path, id, name } of this.#open) {
      const text = `the call of ${shorten(name, 64)} (id ${shorten(id)}) has no result`;
      this.#problems.push(hit('call_without_result', message, path, text));
    }
    this.#open = [];
  }
}

function repeatedIds(calls: readonly RowCall[]): Problem[] {
  const first = new Map<string, number>();
  return calls.flatMap(({ id, message, path }) => {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, message);
    if (earlier === undefined || id === '') return [];
    const text = `the id ${shorten(id)} is that of a call in message ${earlier}`;
    return [hit('duplicate_call_id', message, `${path}.id`, text)];
  });
}

function hit(code: string, message: number, path: string, text: string): Problem {
  return { code, message_index: message, path, text };
}
