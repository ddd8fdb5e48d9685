import { quantitiesIn } from '../../../core/text/quantities.ts';
import type { Random } from '../../offline/seed.ts';
import { argumentsOf } from './arguments.ts';
import { choose, lookalike, unheard } from './choose.ts';
import { saidBefore, withArgument } from './edit.ts';
import type { CleanRow, CorruptedRow, Mutation } from './mutation.ts';

/** The codes that tell of a value that nobody gave. */
const UNGROUNDED = ['id', 'name', 'contact', 'date', 'number'].map(
  (kind) => `ungrounded_${kind}_arg`,
);

/** Values of calls replaced by ones that nobody has said before. */
export const GROUNDING_MUTATIONS: readonly Mutation[] = [
  {
    name: 'id replaced',
    family: 'grounding',
    codes: UNGROUNDED,
    mutate: (row, random) => replaceValue(row, random, isId, lookalike),
  },
  {
    name: 'number replaced',
    family: 'grounding',
    codes: UNGROUNDED,
    mutate: (row, random) =>
      choose(
        saidArguments(row).filter(({ value, said }) => isSaidNumber(value, said)),
        random,
        ({ place, name, value, said }) => {
          const other = unheard(said, () => otherNumber(Number(value), random));
          return other === null ? null : withArgument(row, place, name, other);
        },
      ),
  },
  {
    name: 'date replaced',
    family: 'grounding',
    codes: UNGROUNDED,
    mutate: (row, random) =>
      replaceValue(
        row,
        random,
        (_, value) => DATE.test(value),
        () => `20${random.int(31, 59)}-0${random.int(1, 9)}-${random.int(11, 28)}`,
      ),
  },
  {
    name: 'name replaced',
    family: 'grounding',
    codes: UNGROUNDED,
    mutate: (row, random) =>
      replaceValue(
        row,
        random,
        (name, value) => /(?:^|_)name$/.test(name) && /^[A-Z][a-z]+(?: [A-Z][a-z]+)?$/.test(value),
        (value) => (value.includes(' ') ? `Zorvane ${random.pick(NAMES)}` : random.pick(NAMES)),
      ),
  },
];

/** Of two digits or more: small numbers are everywhere, and a wrong one cannot be told. */
function isSaidNumber(value: unknown, said: string): boolean {
  if (typeof value !== 'number' || Math.abs(value) < 10) return false;
  return quantitiesIn(said).some((one) => one.value === value);
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const NAMES = ['Quillimore', 'Brasswick', 'Yndrella', 'Oxenvale', 'Thistlecote'];

/** The arguments without closed choices, with what was said before their calls. */
function saidArguments(row: CleanRow) {
  return argumentsOf(row)
    .filter(({ schema }) => schema.enum === undefined && schema.const === undefined)
    .map((one) => ({ ...one, said: saidBefore(row.conversation, one.place.message) }));
}

/** Replaces the text of an argument that was said before by one that was not. */
function replaceValue(
  row: CleanRow,
  random: Random,
  isMeant: (name: string, value: string) => boolean,
  make: (value: string, random: Random) => string,
): CorruptedRow | null {
  const candidates = saidArguments(row).flatMap(({ place, name, value, said }) =>
    typeof value === 'string' && isMeant(name, value) && said.includes(value.toLowerCase())
      ? [{ place, name, value, said }]
      : [],
  );
  return choose(candidates, random, ({ place, name, value, said }) => {
    const other = unheard(said, () => make(value, random));
    return other === null ? null : withArgument(row, place, name, other);
  });
}

/** An id by its name or its look: letters and at least three digits without blanks. */
function isId(name: string, value: string): boolean {
  if (/\s/.test(value) || DATE.test(value) || value.length < 3) return false;
  const isNamed = /(?:^|_)(?:id|number|code)$/i.test(name);
  return /\d/.test(value) && (isNamed || /[a-z].*\d{3}|\d{3}.*[a-z]/i.test(value));
}

/** Another number of the same size and as many decimals. */
function otherNumber(value: number, random: Random): number {
  const decimals = String(value).split('.')[1]?.length ?? 0;
  const changed = value * (1.1 + random.next()) + 3;
  return Number(changed.toFixed(decimals));
}
