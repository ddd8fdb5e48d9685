import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { type Action, answer } from '../../helpers/model-actions.ts';
import { sharedFolder } from '../../helpers/temporary.ts';
import { type Asked, calling } from './oracle-server.ts';

const Entry = z.object({
  id: z.string(),
  turns: z.array(z.array(z.string())),
  calls: z.array(
    z.array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })),
  ),
  held_back: z.array(z.string()),
});
type Entry = z.infer<typeof Entry>;

const TRUTH = fileURLToPath(new URL('fixtures/bfcl_truth.py', import.meta.url));

/** Answers the first entries of each multi-turn category with their ground truth. */
export async function bfclOracle(python: string, count: number): Promise<(asked: Asked) => Action> {
  // The harness makes folders where its project is, even to read from it.
  const root = await sharedFolder();
  const { stdout } = await execa(python, [TRUTH, String(count)], {
    env: { BFCL_PROJECT_ROOT: root },
  });
  const entries = z.array(Entry).parse(JSON.parse(stdout));
  return (asked) => {
    const said = asked.messages
      .filter(({ role }) => role === 'user')
      .map((one) => one.content ?? '');
    const tools = new Set(asked.tools?.map((tool) => tool.function.name));
    const fitting = entries.filter((entry) => fits(entry, said, tools));
    // A turn that only brings tools back has a text of the harness's own: any fits, so that a whole match goes first.
    const entry = fitting.find((one) => one.held_back.length === 0) ?? fitting[0];
    if (entry === undefined)
      return { kind: 'status', status: 400, message: 'no entry of BFCL fits' };
    const isAsked = asked.messages.at(-1)?.role === 'user';
    const calls = entry.calls[said.length - 1] ?? [];
    return isAsked && calls.length > 0 ? calling(calls) : answer('Done.');
  };
}

function fits(entry: Entry, said: string[], tools: Set<string>): boolean {
  const isSame = said.every((text, turn) => {
    const expected = entry.turns[turn] ?? [];
    return expected.length === 0 ? turn < entry.turns.length : expected.includes(text);
  });
  const holdsBack = entry.turns.slice(0, said.length).every((turn) => turn.length > 0);
  const isHeldBack = entry.held_back.some((name) => !tools.has(name));
  return isSame && (entry.held_back.length === 0 || isHeldBack === holdsBack);
}
