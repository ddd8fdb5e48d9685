import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import yargs from 'yargs';
import { appendMark } from '../../../core/run/marks.ts';
import type { Ablation } from '../../../eval/ablate/ablation.ts';
import { reportCommand } from '../../../eval/commands/report.ts';
import { compareRuns } from '../../../eval/compare/compare.ts';
import { writeComparison } from '../../../eval/compare/write.ts';
import { ExperimentReport } from '../../../eval/run-report/experiment/experiment-report.ts';
import { findFolders } from '../../../eval/run-report/experiment/find-folders.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { type FixtureRun, manyRows, writeComparedRun } from '../compare/compare-fixture.ts';
import { writeBenchmark, writeDataset, writeTraining } from './experiment-fixture.ts';
import { picturesOf } from './pictures.ts';
import { finding, rejectedByCheck } from './run-fixture.ts';

afterEach(() => vi.restoreAllMocks());

/** A run of a name below a folder. */
async function runIn(parent: string, name: string, run: FixtureRun): Promise<string> {
  const folder = join(parent, name);
  await mkdir(parent, { recursive: true });
  await rename(await writeComparedRun({ ...run, manifest: { name, ...run.manifest } }), folder);
  return folder;
}

/** Two runs over the same passages, B with longer rows and without refinement. */
async function twoRuns(parent: string): Promise<string[]> {
  const unrefined = { ablation: { refine: false, check: true, judge: true } };
  return [
    await runIn(parent, 'full', {
      accepted: manyRows(20),
      rejected: [rejectedByCheck('bad', finding('unknown_tool'))],
      tokens: () => 100,
    }),
    await runIn(parent, 'norefine', {
      accepted: manyRows(20, () => ({ turns: 2 })),
      filtered: ['passage-bad'],
      tokens: () => 50,
      manifest: unrefined,
    }),
  ];
}

async function report(...words: string[]): Promise<string[]> {
  const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const note = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await yargs(['report', ...words])
    .command(reportCommand)
    .strict()
    .fail(false)
    .parseAsync();
  const lines = print.mock.calls.map(([piece]) => String(piece)).join('');
  print.mockRestore();
  note.mockRestore();
  return lines.trimEnd().split('\n');
}

async function reportOf(...words: string[]) {
  const [page = '', markdown = '', data = ''] = await report(...words);
  const [html, text, json] = await Promise.all(
    [page, markdown, data].map((path) => readFile(path, 'utf8')),
  );
  return {
    page,
    html: html ?? '',
    text: text ?? '',
    data: ExperimentReport.parse(JSON.parse(json ?? '')),
  };
}

/** What a reader sees: tags taken off, white space as one blank. */
const seen = (page: string) =>
  page
    .slice(page.indexOf('<body>'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ');

describe('a report over several runs', () => {
  it('sets them beside each other and compares them on what they share', async () => {
    const runs = await twoRuns(await temporaryFolder());
    const out = join(await temporaryFolder(), 'together');
    const { page, html, text, data } = await reportOf(...runs, '--out', out);
    expect(page).toBe(join(out, 'report.html'));
    const words = seen(html);
    expect(words).toContain('full, norefine');
    expect(words).toContain('2 runs, 1 comparison.');
    expect(words).toContain('method pipeline pipeline, no refine');
    expect(words).toMatch(/user turns, mean of accepted 1\.00 2\.00 \+1\.00 .* B higher/);
    expect(words).toContain(
      'check: unknown_tool A call names a tool that is not defined 1 (4.8%) –',
    );
    expect(words).toContain('paper 46.1');
    expect(html).toMatch(
      /<svg class="intervals"[^>]*aria-label="Other measures, A: full, B: norefine, \d+ intervals: [^"]*user turns, mean of accepted \+1\.00 \(/,
    );
    expect(words).toContain('paper 30.05');
    expect(words).not.toContain('Offline teacher');
    expect(text).toMatch(/## The runs\n[^#]*\| {2}\| full \| norefine \|/);
    expect(text).toContain('| user turns, mean of accepted | 1.00 | 2.00 |');
    expect(data.comparisons[0]?.comparison.pairs[0]?.passages).toMatchObject({ shared: 21 });
  });

  it('shows ten trajectories of all runs together, each run in turn', async () => {
    const { data } = await reportOf(
      ...(await twoRuns(await temporaryFolder())),
      '--out',
      await temporaryFolder(),
    );
    const shown = data.runs.map(({ report: { samples } }) => samples.accepted.length);
    expect(shown).toEqual([5, 5]);
    expect(data.runs[0]?.report.samples.rejected).toHaveLength(1);
  });

  it('tells runs of one name apart, and says of an empty one that it is empty', async () => {
    const parent = await temporaryFolder();
    await runIn(parent, 'a', { accepted: manyRows(8), manifest: { name: 'same' } });
    await runIn(parent, 'b', { manifest: { name: 'same' } });
    const { html, data } = await reportOf(parent);
    expect(data.runs.map(({ name }) => name)).toEqual(['same', 'same (2)']);
    expect(seen(html)).toContain('same (2) is empty: no passage has come to an end in it.');
    expect(seen(html)).toContain('Not compared, since they share no passage: same and same (2).');
  });

  it('says why nothing is compared where no run has a passage', async () => {
    const parent = await temporaryFolder();
    await runIn(parent, 'a', {});
    await runIn(parent, 'b', {});
    const { html } = await reportOf(parent);
    expect(seen(html)).toContain('The runs are not compared: nothing to compare');
    expect(seen(html)).toContain('No trajectory was accepted.');
  });

  it('names what the offline teacher made, under its banner', async () => {
    const parent = await temporaryFolder();
    await runIn(parent, 'real', { accepted: manyRows(8) });
    await runIn(parent, 'rules', { accepted: manyRows(8), manifest: { offline: true } });
    const { html, text } = await reportOf(parent);
    expect(seen(html)).toMatch(/Offline teacher\. .* no measure of quality\. Made by it: rules\./);
    expect(text).toMatch(/> \*\*Offline teacher\.\*\* .*Made by it: rules\./);
  });
});

describe("a report over a whole experiment's folder", () => {
  it('has the dataset, the trainings, the benchmarks and a person’s word', async () => {
    const parent = await temporaryFolder();
    const [full = ''] = await twoRuns(join(parent, 'runs'));
    await appendMark(join(full, 'marks.jsonl'), {
      id: 'row-1',
      verdict: 'accept',
      comment: '',
      at: '',
    });
    await writeDataset(join(parent, 'dataset'));
    await writeTraining(join(parent, 'training'));
    await writeTraining(join(parent, 'broken'), {
      steps: 0,
      state: 'failed',
      error: 'CUDA is gone',
    });
    await writeBenchmark(join(parent, 'bench', 'base'), 'base model', 0.2);
    await writeBenchmark(join(parent, 'bench', 'tuned'), 'tuned model', 0.45);
    const half = { state: 'incomplete', message: 'the endpoint died' } as const;
    await writeBenchmark(join(parent, 'bench', 'half'), 'third', null, half);
    const { page, html, text } = await reportOf(parent);
    expect(page).toBe(join(parent, 'report.html'));
    const words = seen(html);
    expect(words).toContain('2 runs, 1 comparison, 1 dataset, 2 trainings, 3 benchmarks');
    expect(words).toContain('harbour: 90 of 120 rows kept');
    expect(words).toContain('near duplicate 20 16.7%');
    expect(words).toContain('train 88 80 120,000 100,000');
    expect(words).toContain('harbour-synthesizer: CUDA is gone');
    expect(words).toContain('trainer trl 1.2.3');
    expect(html).toMatch(
      /aria-label="Loss of harbour-synthesizer: training loss from 2\.000 at step 1 to 0\.530 at step 40; lowest validation loss 0\.628 at step 40"/,
    );
    expect(html.match(/<svg class="curve"/g)).toHaveLength(1);
    expect(words).toContain('base model 20.00 ±6.41');
    expect(words).toMatch(/BFCL overall: tuned model less base model \+25\.00 \[/);
    expect(words).toContain('third, bfcl in bench/half: incomplete (the endpoint died)');
    expect(words).toContain('A person marked 1 row in the viewer.');
    for (const heading of ['The runs', 'Comparison', 'Dataset', 'Trainings', 'Benchmarks'])
      expect(text).toContain(`\n## ${heading}\n`);
    expect(text).toContain('| paper: 8B GEM | 30.25 |');
  });

  it('shows an ablation with the comparison that stands beside it', async () => {
    const parent = await temporaryFolder();
    const runs = await twoRuns(parent);
    const settings = { seed: 0, replicates: 300, training: null, gpus: [], onRun: () => {} };
    await writeComparison(parent, (await compareRuns(runs, settings)).comparison);
    const answers = { requests: 7, tokens: 700, usd: 0 };
    const none = { requests: 0, tokens: 0, usd: 0 };
    const runOf = (variant: string, changes: string): Ablation['runs'][number] => ({
      ...{ variant, changes, folder: variant, seed: 0, state: 'finished', message: null },
      ...{ passages: 21, accepted: 20, paid: none, shared: answers },
    });
    const ablation: Ablation = {
      schema_version: 1,
      kind: 'ablation',
      offline: false,
      complete: true,
      common: { gate: 'paper', judge_prompt: 'paper', repair: 0 },
      runs: [runOf('full', ''), runOf('norefine', 'refine: false')],
      skipped: [{ name: 'synthesizer', why: 'no endpoint is named' }],
    };
    await writeFile(join(parent, 'ablation.json'), JSON.stringify(ablation));
    const { html, data } = await reportOf(parent);
    const words = seen(html);
    expect(words).toContain('2 runs, 1 ablation, 1 comparison.');
    expect(words).toContain('norefine refine: false 21 20 0 7');
    expect(words).toContain('synthesizer left out: no endpoint is named');
    expect(words).toMatch(/tool calls, mean of accepted 1\.00 \+1\.00, higher/);
    expect(data.ablations).toEqual([{ place: basename(parent), ablation }]);
  });

  it('shows a comparison that is there instead of making one', async () => {
    const parent = await temporaryFolder();
    const runs = await twoRuns(parent);
    const settings = { seed: 7, replicates: 300, training: null, gpus: [], onRun: () => {} };
    await writeComparison(join(parent, 'compared'), (await compareRuns(runs, settings)).comparison);
    const { data, html } = await reportOf(parent);
    expect(data.comparisons.map(({ place, comparison }) => [place, comparison.seed])).toEqual([
      ['compared', 7],
    ]);
    expect(seen(html)).toContain('seed 7');
  });

  it('needs neither script nor network and describes every chart in words, whatever names say', async () => {
    const parent = await temporaryFolder();
    const evil = '</title><script>alert(1)</script><img src=x onerror=alert(2)>';
    await runIn(parent, 'a', { accepted: manyRows(8), manifest: { name: evil } });
    await writeTraining(join(parent, 't'), { name: evil, error: evil });
    await writeDataset(join(parent, 'd'), { name: evil, decontamination: [evil] });
    await writeBenchmark(join(parent, 'b'), evil, 0.5);
    const { html, text } = await reportOf(parent);
    expect(html).not.toMatch(/<script|<img|<link|<iframe|@import|url\(/i);
    expect(text).not.toMatch(/(?<!\\)<(?!\/?$)/);
    const { charts } = picturesOf(html);
    expect(charts.length).toBeGreaterThan(5);
    for (const tag of charts) expect(tag).toMatch(/role="img" aria-label="[^"]+"/);
    expect(html).toContain('content="default-src &#39;none&#39;;');
  });
});

describe('the losses of a training', () => {
  it('are thinned where there are many: its ends and every validation stay', async () => {
    const folder = await writeTraining(join(await temporaryFolder(), 'long'), { steps: 5000 });
    const { data } = await reportOf(folder);
    const [training] = data.trainings;
    expect(training?.logged).toBe(5000);
    const steps = training?.points.map(({ step }) => step) ?? [];
    expect(steps.length).toBeLessThan(2000);
    expect([steps[0], steps.at(-1)]).toEqual([1, 5000]);
    expect(training?.points.filter((point) => point.eval_loss !== null)).toHaveLength(500);
  });

  it('of one step, or none, are no broken chart', async () => {
    const parent = await temporaryFolder();
    await writeTraining(join(parent, 'one'), { steps: 1, name: 'one' });
    await writeTraining(join(parent, 'none'), { steps: 0, name: 'none' });
    const { html } = await reportOf(parent);
    expect(html.match(/<svg class="curve"/g)).toHaveLength(1);
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
    expect(seen(html)).toContain('none: no loss was logged.');
  });
});

describe('finding what a report is of', () => {
  it('takes a folder of folders apart and a folder that comes twice once', async () => {
    const parent = await temporaryFolder();
    const [full = ''] = await twoRuns(join(parent, 'runs'));
    await writeTraining(join(parent, 'trained', 'agent'));
    const { folders } = await findFolders([parent, full]);
    expect(folders.map(({ kind, place }) => `${kind} ${place}`)).toEqual([
      'run runs/full',
      'run runs/norefine',
      'training trained/agent',
    ]);
  });

  it('says what is allowed where a folder holds nothing known', async () => {
    const folder = await temporaryFolder();
    await expect(report(folder)).rejects.toThrow(/nothing to report on; a report takes a run/);
    await writeFile(join(folder, 'manifest.json'), '{"kind":"something else"}');
    await expect(report(folder)).rejects.toThrow(
      `${basename(folder)}: its manifest.json is none that a report knows; a report takes a run`,
    );
    await expect(report(join(folder, 'manifest.json'))).rejects.toThrow('is no folder');
  });

  it('passes over a manifest that it does not know among others, and says so', async () => {
    const parent = await temporaryFolder();
    await runIn(parent, 'good', { accepted: manyRows(2) });
    await mkdir(join(parent, 'odd'));
    await writeFile(join(parent, 'odd', 'manifest.json'), 'torn {');
    const torn = await runIn(parent, 'torn', { accepted: manyRows(2) });
    await writeFile(join(torn, 'trajectories.jsonl'), '{"id":1}\n');
    const { html } = await reportOf(parent);
    expect(seen(html)).toContain('odd: its manifest.json is none that a report knows');
    expect(seen(html)).toMatch(/torn is left out: .*trajectories\.jsonl, line 1: /);
    await expect(report(torn)).rejects.toThrow('trajectories.jsonl, line 1');
  });
});
