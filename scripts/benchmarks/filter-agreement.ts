import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readJsonl } from '../../core/jsonl-read.ts';
import { PassageLine } from '../../core/run/commit-log.ts';
import { table } from '../../core/table.ts';

/** How a filter's answers agree with the labels of one corpus. */
interface Agreement {
  corpus: string;
  /** Procedural and not: how many, and how many of them the filter labelled the same. */
  yes: number;
  yesFound: number;
  no: number;
  noFound: number;
}

/**
 * The filter of a finished run beside the labels of corpora whose rows have a field `procedural`:
 * RUN CORPUS.jsonl... or RUN FOLDER. The filter asks for multi-step operations, the labels say how they were made;
 * the two are near, not the same.
 */
async function main(): Promise<void> {
  const [run, ...given] = process.argv.slice(2);
  if (run === undefined || given.length === 0)
    throw new Error('usage: filter-agreement RUN CORPUS.jsonl...');
  const files = given.flatMap((path) => (path.endsWith('.jsonl') ? [path] : jsonlIn(path)));
  const answers = await filterAnswers(run);
  const agreements: Agreement[] = [];
  for (const file of files) agreements.push(await compare(file, answers));
  for (const line of lines(agreements)) process.stdout.write(`${line}\n`);
}

function jsonlIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith('.jsonl')).map((name) => join(folder, name));
}

/** The filter's word by passage; parts of a split document stand for the document when one of them is multi-step. */
async function filterAnswers(run: string): Promise<Map<string, boolean>> {
  const answers = new Map<string, boolean>();
  for await (const { value } of readJsonl(join(run, 'passages.jsonl'), { onTorn: () => {} })) {
    const { id, counts } = PassageLine.parse(value);
    const document = id.replace(/#\d+$/, '');
    const multiStep = (counts.multi_step ?? 0) + (counts.filtered_domain ?? 0) > 0;
    answers.set(document, multiStep || answers.get(document) === true);
  }
  return answers;
}

async function compare(file: string, answers: Map<string, boolean>): Promise<Agreement> {
  const agreement: Agreement = {
    corpus: basename(file, '.jsonl'),
    yes: 0,
    yesFound: 0,
    no: 0,
    noFound: 0,
  };
  for await (const { value } of readJsonl(file)) {
    if (typeof value !== 'object' || value === null || !('id' in value) || !('procedural' in value))
      continue;
    const answer = answers.get(String(value.id));
    if (answer === undefined || typeof value.procedural !== 'boolean') continue;
    if (value.procedural) {
      agreement.yes += 1;
      if (answer) agreement.yesFound += 1;
    } else {
      agreement.no += 1;
      if (!answer) agreement.noFound += 1;
    }
  }
  return agreement;
}

function lines(agreements: Agreement[]): string[] {
  const sum = (key: 'yes' | 'yesFound' | 'no' | 'noFound') =>
    agreements.reduce((total, one) => total + one[key], 0);
  const all = {
    corpus: 'all',
    yes: sum('yes'),
    yesFound: sum('yesFound'),
    no: sum('no'),
    noFound: sum('noFound'),
  };
  const rows = [...agreements, all].map(({ corpus, yes, yesFound, no, noFound }) => [
    corpus,
    yes,
    share(yesFound, yes),
    no,
    share(noFound, no),
    share(yesFound + noFound, yes + no),
    yes > 0 && no > 0 ? percent((yesFound / yes + noFound / no) / 2) : '',
  ]);
  return table([
    ['corpus', 'procedural', 'found', 'not procedural', 'found', 'agreement', 'balanced'],
    ...rows,
  ]);
}

const percent = (value: number): string => `${(100 * value).toFixed(1)}%`;
const share = (part: number, whole: number): string => (whole === 0 ? '' : percent(part / whole));

await main();
