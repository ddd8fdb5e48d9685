import { STATUSES } from './statuses.ts';

/** A fault, what the user sees of it, and the test (below test/) that shows it. */
interface FaultRow {
  fault: string;
  sees: string;
  test: string;
}

const row = (fault: string, sees: string, test: string): FaultRow => ({ fault, sees, test });

const ANSWERS = 'faults/answers.test.ts';
const FOLDERS = 'faults/folders.test.ts';
const LOCK = 'faults/lock.test.ts';
const STOPPING = 'synth/commands/stopping.test.ts';
const SECRETS = 'safety/secrets.test.ts';
const HOSTILE = 'safety/hostile-values.test.ts';
const NAMES = 'safety/names.test.ts';
const PACK = 'safety/pack.test.ts';
const IN_RUN = 'synth/run/interrupted-by-faults.test.ts';

const again = 'asked again, at most 6 times';

/** What can go wrong, by where it does. */
const FAULTS: Record<string, readonly FaultRow[]> = {
  'The answer': [
    row('comes in drops', `taken when whole within timeout_s, else ${again}`, ANSWERS),
    row('half a body, a reset, a wrong Content-Length', again, ANSWERS),
    row(
      'another content type',
      'read when it is a completion; a page of HTML is asked again',
      ANSWERS,
    ),
    row('bytes that are no UTF-8', `${again}; no replacement character is kept`, ANSWERS),
    row('50 MB, or packed into less', `cut off at 16 MiB, ${again}`, ANSWERS),
    row(
      'a redirect',
      'the run stops and names the place; nothing is sent there',
      'faults/statuses.test.ts',
    ),
    row('an error under status 200', again, 'core/llm/engine.test.ts'),
    row(
      '30% of all answers go wrong in 13 ways',
      'every passage ends, with a true reason',
      'synth/faults.test.ts',
    ),
    row(
      'empty, cut, in another language, only thinking',
      'asked again with the problem shown, then rejected with it',
      'synth/faults.test.ts',
    ),
  ],
  'The server': [
    row(
      'not there, or its name is not known',
      'the run stops after 4 tries when it never answered; later the passages fail and are tried by the next run',
      'core/llm/engine.test.ts',
    ),
    row(
      'a certificate that nobody signed, no TLS',
      'as a server that is not there, with what to set',
      ANSWERS,
    ),
    row('dies, comes back elsewhere', 'the same command goes on', IN_RUN),
    row('one of several is dead', 'set aside, tried again later', 'core/llm/engine.test.ts'),
    row('fails for most passages', 'the run stops with the commonest cause', IN_RUN),
  ],
  'The machine': [
    row(
      'the disk is full',
      'the run stops, names the file and says to make room; the same command goes on',
      IN_RUN,
    ),
    row(
      'a disk without any room at the start',
      'the same, and nothing half written stays',
      FOLDERS,
    ),
    row('a folder that cannot be written', 'said before anything is asked', IN_RUN),
    row(
      "the run's folder is deleted",
      'the run stops within seconds; the folder does not come back empty',
      FOLDERS,
    ),
    row("the run's folder is moved", 'the run stops; it goes on at the new place', FOLDERS),
    row(
      'the clock is set, by a day to either side',
      'waits, times and what is left follow a clock that nobody sets',
      'faults/clock.test.ts',
    ),
  ],
  'The process': [
    row('SIGINT or SIGTERM', 'answers on their way are awaited and kept; exit 130', STOPPING),
    row('a second one', 'requests in flight are given up', STOPPING),
    row(
      'SIGKILL, at any moment',
      'shown as killed; the same command goes on (figures below)',
      'synth/kill-restart.test.ts',
    ),
    row(
      'a second process on the folder',
      "refused with the first one's process, host and time",
      STOPPING,
    ),
    row('a lock whose process is gone, or whose number is now another process', 'taken over', LOCK),
    row(
      "another host's lock",
      'believed for ten minutes after its last sign of life (every 30 s)',
      LOCK,
    ),
    row(
      'a lock that was taken over meanwhile',
      'the process that had it ends and writes nothing more',
      LOCK,
    ),
    row('a crash of our own', 'the messages and a trace, without keys; exit 1', SECRETS),
  ],
  'Secrets and hostile input': [
    row(
      'the server repeats the key (401, 422, a redirect, in an answer)',
      '*** in its place, in every file and message',
      SECRETS,
    ),
    row(
      'a key in the wrong place: a URL, the name of a variable, a flag',
      'refused, and not shown',
      SECRETS,
    ),
    row('a job of Slurm', "the variable's name in the script, never its value", SECRETS),
    row(
      'any other address than the endpoints',
      'none is connected to or looked up',
      'safety/network.test.ts',
    ),
    row(
      'names with .., /, NUL, 300 letters, lines of YAML',
      'refused or only a name; no file elsewhere',
      NAMES,
    ),
    row(
      '__proto__ and constructor in rows, answers, settings',
      'data like other data, or refused',
      HOSTILE,
    ),
    row('YAML with code, bombs of aliases, 50,000 lists in lists', 'refused in one line', HOSTILE),
    row('a umask', 'files have the rights that it leaves', FOLDERS),
    row('unfinished files of killed processes', 'removed by the next start', FOLDERS),
    row(
      'npm pack in a folder with runs, keys, environments',
      'ships none of it; runs under Node 20, 22, 24',
      PACK,
    ),
  ],
};

/** The tests that the tables name. */
export const TESTS = [
  ...new Set(Object.values(FAULTS).flatMap((rows) => rows.map(({ test }) => test))),
];

/** A document with the two tables between their marks as this file and STATUSES have them. */
export function withTables(text: string): string {
  const faults = Object.entries(FAULTS).map(
    ([place, rows]) =>
      `### ${place}\n\n${table(
        ['fault', 'what the user sees', 'tested in test/'],
        rows.map(({ fault, sees, test }) => [fault, sees, test]),
      )}`,
  );
  const statuses = table(
    ['status', 'of a server that means', 'taken for', 'may be billed'],
    STATUSES.map(({ status, means, kind, billed }) => [
      `${status}`,
      means,
      kind,
      billed ? 'yes' : '',
    ]),
  );
  return between(between(text, 'faults', faults.join('\n')), 'statuses', statuses);
}

function table(heads: string[], rows: string[][]): string {
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`there is no place for the ${name}`);
  return `${text.slice(0, from + begin.length)}${content}${text.slice(to)}`;
}
