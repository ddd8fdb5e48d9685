import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../../core/package-root.ts';
import { checkConversation } from '../../../synth/check/run-checks.ts';
import { STATE_CASES } from './state-cases.ts';

const folder = join(packageRoot(), '..', 'shared', 'trajectories');
const FILES = ['bfcl_gt', 'tau1_gpt4o_airline', 'tau2_results', 'tau2_sft_small'];

const Line = z.object({
  id: z.string(),
  messages: z.array(z.unknown()),
  tools: z.array(z.unknown()),
  defects: z.array(z.string()),
});

/** Defects of the files that are not of the structure. */
const OTHER_DEFECTS = new Set(['ungrounded_id_arg']);

describe.skipIf(!existsSync(folder))('real conversations (needs ../shared/trajectories)', () => {
  it.each(FILES)('in %s have the errors that their defects name and no others', (name) => {
    const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
      .trim()
      .split('\n');
    const mismatches = lines.flatMap((line) => {
      const row = Line.parse(JSON.parse(line));
      const findings = checkConversation({
        conversation: row,
        refined: true,
        profile: 'foreign',
        language: 'English',
      });
      const errors = findings.filter(
        ({ severity, code }) => severity === 'error' && !Object.hasOwn(STATE_CASES, code),
      );
      const unexpected = errors.filter(({ code }) => !row.defects.includes(code));
      const missed = row.defects.filter(
        (defect) => !OTHER_DEFECTS.has(defect) && !findings.some(({ code }) => code === defect),
      );
      return [...unexpected.map(({ code, text }) => `${code}: ${text}`), ...missed].map(
        (what) => `${row.id} ${what}`,
      );
    });
    expect(lines.length).toBeGreaterThan(30);
    expect(mismatches).toEqual([]);
  });

  it.each([
    ['tau1_gpt4o_airline', 0.02, 0.02],
    ['tau2_results', 0.02, 0.02],
    ['tau2_sft_small', 0.02, 0.02],
    // Its calls use hidden state that no message shows.
    ['bfcl_gt', 0.15, 0.02],
  ])('in %s have few errors of grounding and state where they are clean', (name, calls, rows) => {
    const found = { calls: 0, faultyCalls: 0, rows: 0, faultyRows: 0 };
    for (const line of readFileSync(join(folder, `${name}.jsonl`), 'utf8')
      .trim()
      .split('\n')) {
      const row = Line.parse(JSON.parse(line));
      if (row.defects.includes('ungrounded_id_arg')) continue;
      const errors = checkConversation({
        conversation: row,
        refined: true,
        profile: 'foreign',
        language: null,
      }).filter(({ severity, code }) => severity === 'error' && Object.hasOwn(STATE_CASES, code));
      const ungrounded = errors.filter(({ code }) => code.startsWith('ungrounded'));
      found.calls += callsOf(row.messages);
      found.faultyCalls += new Set(
        ungrounded.map(({ message_index, path }) => `${message_index} ${path?.split('.')[0]}`),
      ).size;
      found.rows += 1;
      found.faultyRows += errors.length > ungrounded.length ? 1 : 0;
    }
    expect(found.rows).toBeGreaterThan(30);
    expect(found.faultyCalls / found.calls).toBeLessThanOrEqual(calls);
    expect(found.faultyRows / found.rows).toBeLessThanOrEqual(rows);
  });
});

function callsOf(messages: readonly unknown[]): number {
  const Calls = z.object({ tool_calls: z.array(z.unknown()).default([]) });
  return messages.reduce<number>((sum, message) => sum + Calls.parse(message).tool_calls.length, 0);
}
