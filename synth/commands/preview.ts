import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineCommand } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { watchInterrupts } from '../../core/interrupts.ts';
import { JournalReader } from '../../core/llm/journal.ts';
import type { JournalHead } from '../../core/llm/journal-line.ts';
import { readRows } from '../../core/run/find-row.ts';
import { terminal } from '../../core/terminal.ts';
import { entrySections, type Section, sectionLines } from '../chain.ts';
import { activeStages, judgePromptOf, type SynthConfig } from '../config.ts';
import { loadPrompt } from '../prompt-file.ts';
import { STAGES } from '../setups.ts';
import { judgeStage } from '../stages/judge.ts';
import type { Stage } from '../stages/stage.ts';
import { billLines, headline } from '../summary.ts';
import { synthesize } from '../synth-run.ts';
import { endpointsFor, type JobFlags, jobOptions, readConfig, startOffline } from './options.ts';

const PASSAGES = 3;

/** `gem-traj preview`: a few passages through every stage, everything shown, nothing kept. */
export const previewCommand = defineCommand({
  command: 'preview',
  describe: 'A few passages with each prompt, answer, verdict and price; nothing is kept',
  builder: (yargs) =>
    jobOptions(yargs)
      .option('input', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Files, folders, globs, or - for standard input',
      })
      .option('prompts', {
        type: 'boolean',
        default: false,
        describe: 'Print the prompts whole, with a small example as input, and ask nothing',
      }),
  handler: async (flags) => {
    const config = await readConfig(flags);
    if (flags.prompts) await printPrompts(config);
    else if (flags.input.length === 0)
      throw new UsageError('preview needs --input PATH (or --prompts for the prompts alone)');
    else await previewPassages(flags, { ...config, limit: flags.limit ?? PASSAGES });
  },
});

async function printPrompts(config: SynthConfig): Promise<void> {
  const active = new Set(activeStages(config));
  if (active.has('filter')) await printPrompt(STAGES.filter, config);
  if (active.has('extract')) await printPrompt(STAGES.extract, config);
  if (active.has('generate')) await printPrompt(STAGES.generate, config);
  if (active.has('refine')) await printPrompt(STAGES.refine, config);
  if (active.has('synthesize')) await printPrompt(STAGES.synthesize, config);
  if (active.has('judge')) await printPrompt(judgeStage(judgePromptOf(config)), config);
  if (active.has('repair')) await printPrompt(STAGES.repair, config);
}

async function printPrompt<Input, Answer>(
  stage: Stage<Input, Answer>,
  config: SynthConfig,
): Promise<void> {
  const { answer, prompt: file } = config.stages[stage.name];
  const { prompt, hash } = await loadPrompt(stage, answer, file);
  const { system, user } = prompt(stage.probe, answer);
  const from = file === undefined ? '' : ` from ${file}`;
  const name = `prompt ${hash}${from}`;
  const sections =
    system === ''
      ? [{ title: `${stage.name}, user, no system message (${name})`, text: user }]
      : [
          { title: `${stage.name}, system (${name})`, text: system },
          { title: `${stage.name}, user`, text: user },
        ];
  for (const line of sectionLines(sections)) terminal.print(line);
}

async function previewPassages(flags: JobFlags, config: SynthConfig): Promise<void> {
  const offline = await startOffline(flags, config);
  const folder = await mkdtemp(join(tmpdir(), 'gem-traj-preview-'));
  const interrupts = watchInterrupts();
  try {
    const endpoints = await endpointsFor(flags, config, offline.endpoint);
    const { stopping, aborting } = interrupts;
    const job = {
      config,
      inputs: flags.input,
      folder,
      endpoints,
      offline: flags.offline,
      reuse: [],
      stopping,
      aborting,
    };
    const { manifest } = await synthesize({ ...job, onProgress: () => {} });
    for (const line of sectionLines(await chains(folder, config))) terminal.print(line);
    for (const line of ['', ...billLines(manifest), '', headline(manifest)]) terminal.print(line);
    if (stopping.aborted) process.exitCode = 130;
  } finally {
    interrupts.forget();
    await offline.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every passage's requests in the order of the stages, then how its rows ended. */
async function chains(folder: string, config: SynthConfig): Promise<Section[]> {
  const heads: JournalHead[] = [];
  const journal = await JournalReader.open(join(folder, 'journal.jsonl'), undefined, (line) => {
    if ('key' in line) heads.push(line);
  });
  const verdicts = await verdictsByPassage(folder);
  const order: string[] = activeStages(config);
  // The judge and the repair follow each other in turn, as they were asked.
  const place = ({ stage }: JournalHead) => order.indexOf(stage === 'repair' ? 'judge' : stage);
  const sections: Section[] = [];
  for (const passage of new Set(heads.map((head) => head.passage))) {
    sections.push({ title: `passage ${passage}` });
    const own = heads.filter((head) => head.passage === passage);
    own.sort((a, b) => place(a) - place(b));
    for (const { key } of own) {
      const entry = await journal.get(key);
      if (entry !== undefined) sections.push(...entrySections(entry));
    }
    sections.push({
      title: `passage ${passage}: ${verdicts.get(passage)?.join('; ') ?? 'no candidate (see the filter)'}`,
    });
  }
  await journal.close();
  return sections;
}

async function verdictsByPassage(folder: string): Promise<Map<string, string[]>> {
  const verdicts = new Map<string, string[]>();
  for await (const { status, row } of readRows(folder, ['accepted', 'rejected', 'surplus'])) {
    const times = row.repair?.length ?? 0;
    const after = times === 0 ? '' : `, mended ${times === 1 ? 'once' : `${times} times`}`;
    const verdict =
      'rejected_by' in row
        ? `rejected by ${row.rejected_by} (${row.reason})${after}`
        : `${status}${after}`;
    verdicts.set(row.source.id, [...(verdicts.get(row.source.id) ?? []), verdict]);
  }
  return verdicts;
}
