import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../../core/package-root.ts';
import { checkConversation } from '../../../synth/check/run-checks.ts';

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
      const errors = findings.filter(({ severity }) => severity === 'error');
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
});
