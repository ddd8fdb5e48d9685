import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../core/errors.ts';
import { emptyFunnel } from '../../../core/run/funnel.ts';
import { renderHtml } from '../../../eval/run-report/html.ts';
import { renderMarkdown } from '../../../eval/run-report/markdown.ts';
import { measureRun } from '../../../eval/run-report/measure.ts';
import { RunReport } from '../../../eval/run-report/run-report.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import {
  finding,
  rejectedByCheck,
  rejectedByJudge,
  rejection,
  trajectory,
  writeRun,
} from './run-fixture.ts';

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('the report of a run', () => {
  it('counts what the rows hold', async () => {
    const accepted = [
      trajectory('a', { turns: 1, calls: 1 }),
      trajectory('b', { turns: 2, calls: 2 }),
      trajectory('c', { turns: 3, calls: 3 }),
    ];
    const folder = await writeRun({
      accepted,
      rejected: [rejectedByCheck('r', finding('arg_type'))],
      surplus: [trajectory('s')],
    });
    const report = await measureRun(folder);
    expect(RunReport.parse(report)).toEqual(report);
    expect(report.rows).toEqual({ accepted: 3, rejected: 1, surplus: 1 });
    const shape = Object.fromEntries(
      report.distributions.map((one) => [one.name, [one.mean, one.median, one.min, one.max]]),
    );
    expect(shape).toEqual({
      messages: [(5 + 13 + 25) / 3, 13, 5, 25],
      turns: [2, 2, 1, 3],
      tools: [1, 1, 1, 1],
      calls: [(1 + 4 + 9) / 3, 4, 1, 9],
      distinct_tools_called: [1, 1, 1, 1],
    });
    expect(report.bill.per_accepted).toEqual({ tokens: 10_000 / 3, usd: 0.02 / 3 });
    expect(report.composition.patterns.find(({ name }) => name === 'rule_conflict')).toEqual({
      name: 'rule_conflict',
      asked: 3,
      found: 0,
      asked_and_found: 0,
    });
    expect(report.composition.domains).toEqual([{ name: 'travel_and_transportation', count: 3 }]);
    expect(report.corpus).toMatchObject({
      documents: 40,
      passages: 35,
      left_out: [{ label: 'documents: below the lowest length', count: 5 }],
    });
    expect(report.run).toMatchObject({
      teachers: ['cluster'],
      gate: 'strict',
      seed: 11,
      settings: { language: 'English' },
    });
    expect(report.run.stages).toEqual([
      {
        stage: 'generate',
        model: 'teacher-large',
        endpoints: ['cluster'],
        settings: { sampling: { temperature: 0.8 } },
      },
    ]);
  });

  it('groups rejections by code, by rubric and by the kind of unreadable answer', async () => {
    const unreadable = (id: string, text: string) =>
      rejection(id, 'generate', `no readable answer in 3 tries; the last: ${text}`);
    const folder = await writeRun({
      rejected: [
        rejectedByCheck(
          'c1',
          finding('arg_type', { text: 'length_m is "long", not a number' }),
          finding('arg_type'),
          finding('unknown_tool'),
        ),
        rejectedByCheck(
          'c2',
          finding('unknown_tool'),
          finding('no_description', { severity: 'warning' }),
        ),
        rejectedByJudge('j1', { context: 0 }, 'Message 4 changes the berth.'),
        rejectedByJudge('j2', { context: 0, capability: 0 }, 'Message 4 claims too much.'),
        rejection(
          'j3',
          'judge',
          'unscored: no readable answer in 3 tries; the last: reason: Required',
        ),
        unreadable('g1', 'the answer was cut after 16384 tokens (max_tokens)'),
        unreadable('g2', 'the answer was cut after 16,380 tokens (max_tokens)'),
        unreadable('g3', 'the text is cut off inside <tool>: "{"berth'),
        unreadable('g4', 'the text is cut off inside <tool>: {"night": 4'),
      ],
    });
    const { rejections } = await measureRun(folder);
    const counts = rejections.map(({ by, rows, reasons }) => [
      by,
      rows,
      Object.fromEntries(reasons.map((reason) => [reason.name, reason.rows])),
    ]);
    expect(counts).toEqual([
      [
        'generate',
        4,
        {
          'the answer was cut after N tokens (max_tokens)': 2,
          'the text is cut off inside <tool>': 2,
        },
      ],
      ['check', 2, { arg_type: 1, unknown_tool: 2 }],
      ['judge', 3, { context: 2, capability: 1, 'reason: Required': 1 }],
    ]);
    const example = rejections[1]?.reasons.find(({ name }) => name === 'arg_type')?.examples[0];
    expect(example).toMatchObject({
      row_id: 'c1',
      passage_id: 'passage-c1',
      message_index: 2,
      path: 'tool_calls[0].function.arguments.length_m',
    });
    expect(example?.excerpt?.text).toBe('find_berth({"length_m":11.5,"night":"Friday"})');
  });

  it('tells unscored candidates from those that the judge turned down, and what mending saved', async () => {
    const counts = { rejected_judge: 3, unscored: 1, repair_tried: 5, repaired: 2 };
    const funnel = { ...emptyFunnel(), ...counts };
    const round = {
      rejected_by: 'check' as const,
      reason: 'berth <B-41> is invented',
      fault_index: 2,
      messages: [],
      tools: null,
      checks: [],
      judge: null,
    };
    const mended = { ...trajectory('m'), repair: [round] };
    const report = await measureRun(await writeRun({ accepted: [mended], manifest: { funnel } }));
    expect(renderHtml(report)).toContain(
      'from message 2 on, after the check had turned it down: berth &lt;B-41&gt; is invented',
    );
    expect(report.funnel.find(({ key }) => key === 'judge_passed')?.lost).toEqual([
      { label: 'turned down by the judge', count: 2 },
      { label: 'unscored: no verdict that can be read', count: 1 },
    ]);
    expect(report.mending).toEqual({ tried: 5, accepted: 2 });
    expect(renderMarkdown(report)).toContain(
      'Turned down and mended: 5; of these accepted after it: 2.',
    );
    expect((await measureRun(await writeRun({}))).mending).toBeNull();
  });

  it("counts only the codes that decide under the paper's gate", async () => {
    const row = rejectedByCheck('c1', finding('placeholder'), finding('unknown_tool'));
    const gate = { fingerprint_parts: { gate: 'paper' } };
    const { rejections, findings } = await measureRun(
      await writeRun({ rejected: [row], manifest: gate }),
    );
    expect(rejections[0]?.reasons.map(({ name }) => name)).toEqual(['unknown_tool']);
    expect(findings.map(({ code }) => code).sort()).toEqual(['placeholder', 'unknown_tool']);
  });

  it('shows three examples of a reason, ten accepted rows and five rejected of several stages, whatever the order of rows', async () => {
    const accepted = ids('a', 40).map((id) => trajectory(id));
    const rejected = [
      ...ids('c', 30).map((id) => rejectedByCheck(id, finding('arg_type'))),
      rejectedByJudge('j', { context: 0 }, 'No.'),
      rejection('g', 'generate', 'cut'),
    ];
    const report = await measureRun(await writeRun({ accepted, rejected }));
    expect(report.samples.accepted).toHaveLength(10);
    expect(report.samples.rejected.map(({ rejected_by: by }) => by)).toEqual([
      'judge',
      'check',
      'generate',
      'check',
      'check',
    ]);
    expect(report.rejections.find(({ by }) => by === 'check')?.reasons[0]?.examples).toHaveLength(
      3,
    );
    const again = await measureRun(
      await writeRun({ accepted: accepted.toReversed(), rejected: rejected.toReversed() }),
    );
    expect(again).toEqual(report);
  });

  it('counts findings of every severity, in accepted rows too', async () => {
    const note = finding('text_beside_call', { severity: 'note' });
    const folder = await writeRun({
      accepted: [trajectory('a', { checks: [note, note] }), trajectory('b')],
      rejected: [rejectedByCheck('r', finding('unknown_tool'), note)],
    });
    const { findings } = await measureRun(folder);
    expect(findings).toMatchObject([
      { code: 'unknown_tool', severity: 'error', findings: 1, rows_accepted: 0, rows_rejected: 1 },
      {
        code: 'text_beside_call',
        severity: 'note',
        findings: 3,
        rows_accepted: 1,
        rows_rejected: 1,
      },
    ]);
  });

  it('cuts what is too long and says by how much', async () => {
    const long = 'x'.repeat(5_000_000);
    const messages = [
      { role: 'user' as const, content: long },
      ...Array.from({ length: 500 }, () => ({
        role: 'assistant' as const,
        content: 'again and again',
      })),
    ];
    const report = await measureRun(
      await writeRun({ accepted: [trajectory('huge', { messages })] }),
    );
    const [sample] = report.samples.accepted;
    expect(sample?.messages[0]?.content).toEqual({ text: 'x'.repeat(8000), cut: 4_992_000 });
    expect(sample?.left_out.messages).toBe(301);
    expect(JSON.stringify(report).length).toBeLessThan(100_000);
  });

  it('takes a run without rows, a torn last line and a manifest from before the rows', async () => {
    const folder = await writeRun({ accepted: [trajectory('a')], manifest: { state: 'running' } });
    await appendFile(join(folder, 'trajectories.jsonl'), '{"schema_version":1,"id":"tor');
    expect((await measureRun(folder)).rows.accepted).toBe(1);
    const empty = await measureRun(await writeRun({ manifest: { corpus: {} } }));
    expect(empty).toMatchObject({
      distributions: [],
      rejections: [],
      corpus: null,
      bill: { per_accepted: null },
    });
  });

  it('names what is wrong with a folder or a row', async () => {
    await expect(measureRun(await temporaryFolder())).rejects.toThrow(/holds no run/);
    const folder = await writeRun({});
    await writeFile(join(folder, 'trajectories.jsonl'), '{"schema_version":9}\n');
    const failure = measureRun(folder);
    await expect(failure).rejects.toThrow(UsageError);
    await expect(failure).rejects.toThrow(/trajectories\.jsonl, line 1: schema_version/);
  });
});
