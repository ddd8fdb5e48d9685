import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { synthesizerPrompt } from '../../../core/synthesizer.ts';
import { runCommand } from '../../helpers/command.ts';
import { type Body, sampleOf, servedRun, taskOf } from './served.ts';

const UNREADABLE = 'I would rather not say.';
/** Tools, but a conversation that breaks the order of turns: an error of the checks. */
const BROKEN = `<toolsets>
[{"type":"function","function":{"name":"look","description":"Look.","parameters":{"type":"object","properties":{}}}}]
</toolsets>
<system>
You help.
</system>
<user>
Hello
</user>`;
const NO = `<argument_values>1</argument_values>
<capability>0</capability>
<context>1</context>
<reason>It says it cannot.</reason>
<message_index>2</message_index>`;

describe('a run by a synthesizer', { timeout: 120_000 }, () => {
  it('asks with the very prompt of training, and its rows say what made them', async () => {
    const { server, accepted, rejected, manifest } = await servedRun(
      () => undefined,
      ['--limit', '4', '--budget', '5'],
    );
    const asked = server.requests.filter(({ body }) => taskOf(body) === 'synthesize');
    const prompts = [...accepted, ...rejected].map(({ source }) => synthesizerPrompt(source));
    expect(asked.map(({ body }) => body.messages)).toEqual(
      expect.arrayContaining(prompts.map((content) => [{ role: 'user', content }])),
    );
    expect(asked.every(({ body }) => body.max_tokens === 16_384)).toBe(true);
    expect(accepted.length).toBeGreaterThan(0);
    for (const { workflow, tags, patterns, provenance } of accepted) {
      expect({ workflow, tags, asked: patterns.asked }).toEqual({
        workflow: null,
        tags: null,
        asked: [],
      });
      expect(provenance).toMatchObject({ method: 'synthesizer', teacher: 'student' });
      expect(provenance.stages.map(({ stage }) => stage)).toEqual(['synthesize', 'judge']);
    }
    expect(manifest).toMatchObject({ method: 'synthesizer', funnel: { synthesized: 4 } });
    expect(manifest.total.cost_usd).toBeGreaterThan(0);
  });

  it('asks again in the same words where the answer cannot be read, with another seed', async () => {
    const { server, rejected, manifest } = await servedRun(
      (body) => (taskOf(body) === 'synthesize' ? UNREADABLE : undefined),
      ['--limit', '2', '--repair', '0'],
    );
    const asked = server.requests.map(({ body }) => body);
    expect(new Set(asked.map(({ messages }) => JSON.stringify(messages))).size).toBe(2);
    expect(new Set(asked.map(({ seed }) => seed))).toEqual(new Set([0, 1, 2]));
    expect(rejected).toHaveLength(2);
    for (const row of rejected) {
      expect(row).toMatchObject({ rejected_by: 'synthesize', messages: [], judge: null });
      expect(row.reason).toMatch(/^no readable answer in 3 tries; the last: /);
    }
    expect(manifest.funnel).toMatchObject({ rejected_synthesize: 2, synthesized: 0, accepted: 0 });
  });
});

describe('of several candidates', { timeout: 120_000 }, () => {
  it('the best by the checks alone is judged; the others are kept with why they are not it', async () => {
    const { server, accepted, rejected, manifest } = await servedRun(
      (body) => {
        if (taskOf(body) !== 'synthesize') return undefined;
        return [BROKEN, UNREADABLE][sampleOf(body)];
      },
      ['--limit', '3', '--candidates', '4', '--repair', '0'],
    );
    const judged = server.requests.filter(({ body }) => taskOf(body) === 'judge');
    expect(judged).toHaveLength(3);
    expect(manifest.funnel).toMatchObject({ passages: 3, synthesized: 9, check_passed: 6 });
    expect(accepted.length).toBeGreaterThan(1);
    for (const { source, provenance } of accepted) {
      expect([2, 3]).toContain(provenance.candidate_index);
      const others = rejected.filter((row) => row.source.id === source.id);
      const reasons = new Map(others.map((row) => [row.provenance.candidate_index, row]));
      expect(reasons.get(0)).toMatchObject({ rejected_by: 'check' });
      expect(reasons.get(0)?.checks.length).toBeGreaterThan(0);
      expect(reasons.get(1)).toMatchObject({ rejected_by: 'synthesize' });
      const last = reasons.get(provenance.candidate_index === 2 ? 3 : 2);
      expect(last).toMatchObject({ rejected_by: 'selection', reason: 'not the best of 4' });
    }
    const ids = [...accepted, ...rejected].map(({ id }) => id);
    expect(new Set(ids).size).toBe(12);
  });

  it('the next one takes the place of what the judge turned down, and a fresh one where none is left', async () => {
    let judged = 0;
    const change = (body: Body) => {
      if (taskOf(body) !== 'judge') return undefined;
      judged += 1;
      return judged <= 2 ? NO : undefined;
    };
    const flags = ['--limit', '1', '--candidates', '2', '--repair', '2'];
    const { accepted, rejected, manifest } = await servedRun(change, flags);
    expect(rejected.map(({ rejected_by: by }) => by)).toEqual(['judge', 'judge']);
    expect(accepted.map(({ provenance }) => provenance.candidate_index)).toEqual([2]);
    expect(manifest.funnel).toMatchObject({ synthesized: 3, judge_passed: 1, repair_tried: 0 });
  });
});

describe('what a synthesizer cannot do', { timeout: 120_000 }, () => {
  it('a teacher mends where it has an endpoint', async () => {
    const flags = ['--limit', '30', '--repair-endpoint', 'teacher'];
    const { accepted, server } = await servedRun(() => undefined, flags, { defectRate: 0.5 });
    const mended = accepted.filter(({ repair }) => repair !== null);
    expect(mended.length).toBeGreaterThan(1);
    for (const { provenance, repair } of mended) {
      expect(provenance.method).toBe('synthesizer');
      expect(provenance.stages.map(({ stage }) => stage)).toContain('repair');
      expect(repair).toHaveLength(1);
    }
    const asked = server.requests.filter(({ body }) => taskOf(body) === 'synthesize');
    expect(asked.every(({ body }) => sampleOf(body) === 0)).toBe(true);
  });

  it('the pipeline does where asked: rows, funnel, bill and report keep the two apart', async () => {
    const isHard = (text = '') => text.length % 2 === 0;
    const change = (body: Body) =>
      taskOf(body) === 'synthesize' && isHard(body.messages[0]?.content) ? UNREADABLE : undefined;
    const flags = ['--fallback', 'pipeline', '--filter', '--limit', '24', '--repair', '0'];
    const { run, accepted, rejected, manifest, printed, server } = await servedRun(change, flags);
    const taken = accepted.filter(({ provenance }) => provenance.method === 'pipeline');
    const { funnel } = manifest;
    expect(taken.length).toBeGreaterThan(1);
    for (const { provenance, workflow, tags } of taken) {
      expect(provenance).toMatchObject({ fallback: true, teacher: 'teacher', candidate_index: 0 });
      expect(workflow?.steps.length).toBeGreaterThan(0);
      expect(tags).not.toBeNull();
    }
    const filtered = server.requests.filter(({ body }) => taskOf(body) === 'filter');
    expect(filtered).toHaveLength(24);
    expect(funnel.passages).toBe(24);
    expect(funnel.fallback).toBe(rejected.filter((row) => row.rejected_by === 'synthesize').length);
    expect(funnel.fallback_passed).toBe(taken.length);
    expect(funnel.multi_step + funnel.filtered_not_multi_step).toBe(24);
    expect(printed).toContain(`the pipeline took over ${funnel.fallback} passages`);
    expect(printed).toMatch(new RegExp(`pipeline \\(${taken.length} passed\\): [\\d,]+ tokens`));
    const report = await readFile(join(run, 'report.md'), 'utf8');
    expect(report).toContain(`the pipeline's of ${funnel.fallback} passages taken over`);
    const again = await runCommand(['recheck', run, '--out', `${run}-again`]);
    expect(again.stdout).toContain(`accepted: ${accepted.length} before, ${accepted.length} now`);
  });

  it('a passage that its context cannot hold is turned down before it is asked', async () => {
    const { server, rejected } = await servedRun(
      () => undefined,
      ['--limit', '3', '--candidates', '3'],
      { student: ', context_length: 300' },
    );
    expect(server.received).toBe(0);
    expect(rejected.length).toBe(3);
    expect(rejected[0]?.reason).toMatch(/does not fit the context of 300 tokens/);
  });
});
