import type { Random } from '../../offline/seed.ts';
import { choose } from './choose.ts';
import { callsOf, type PlacedCall, withArgument, withArguments, withKeywords } from './edit.ts';
import type { CleanRow, CorruptedRow, Mutation } from './mutation.ts';

/** Faults in the arguments of calls, against their schemas. */
export const ARGUMENT_MUTATIONS: readonly Mutation[] = [
  {
    name: 'required argument dropped',
    family: 'structure',
    codes: ['missing_required'],
    mutate: (row, random) =>
      choose(argumentsOf(row).filter(isRequired), random, ({ place, name }) => {
        const { [name]: _dropped, ...rest } = place.arguments;
        return withArguments(row, place, rest);
      }),
  },
  {
    name: 'value of the wrong type',
    family: 'structure',
    codes: ['wrong_type'],
    mutate: (row, random) =>
      choose(argumentsOf(row).filter(isPlainlyTyped), random, ({ place, name, schema }) =>
        withArgument(row, place, name, wrongFor(schema.type, random)),
      ),
  },
  {
    name: 'value not in the enum',
    family: 'structure',
    codes: ['enum_violation'],
    mutate: (row, random) =>
      choose(
        argumentsOf(row).filter(({ schema }) => Array.isArray(schema.enum)),
        random,
        ({ place, name, value }) => withArgument(row, place, name, `${String(value)}_other`),
      ),
  },
  {
    name: 'undeclared argument',
    family: 'structure',
    codes: ['undeclared_argument'],
    mutate: (row, random) =>
      choose(callsOf(row.conversation).filter(isClosed), random, (place) =>
        withArgument(row, place, 'extra_option', true),
      ),
  },
  {
    name: 'text without its format',
    family: 'structure',
    codes: ['format_violation'],
    mutate: (row, random) =>
      choose(
        argumentsOf(row).filter(({ value }) => /^\d{4}-\d{2}-\d{2}$/.test(`${value}`)),
        random,
        ({ place, name }) => {
          const changed = withArgument(row, place, name, 'next Tuesday');
          return withKeywords(changed, place.call.function.name, name, { format: 'date' });
        },
      ),
  },
  {
    name: 'number beyond its bounds',
    family: 'structure',
    codes: ['range_violation'],
    mutate: (row, random) =>
      choose(
        argumentsOf(row).filter(({ value }) => typeof value === 'number'),
        random,
        ({ place, name, value, schema: { maximum } }) => {
          if (typeof maximum === 'number') return withArgument(row, place, name, maximum + 1);
          // Most schemas have no bounds: one is put right below the call's value.
          return withKeywords(row, place.call.function.name, name, { maximum: Number(value) - 1 });
        },
      ),
  },
  {
    name: 'arguments cut off',
    family: 'structure',
    codes: ['args_not_json'],
    mutate: (row, random) =>
      choose(callsOf(row.conversation), random, (place) => {
        const text = place.call.function.arguments;
        return withArguments(row, place, text.slice(0, random.int(1, text.length - 1)));
      }),
  },
  {
    name: 'arguments as a list',
    family: 'structure',
    codes: ['args_not_object'],
    mutate: (row, random) =>
      choose(
        callsOf(row.conversation),
        random,
        (place): CorruptedRow => withArguments(row, place, Object.values(place.arguments)),
      ),
  },
];

interface PlacedArgument {
  place: PlacedCall;
  name: string;
  value: unknown;
  schema: Record<string, unknown>;
}

/** The declared arguments of all calls. */
export function argumentsOf({ conversation }: CleanRow): PlacedArgument[] {
  return callsOf(conversation).flatMap((place) =>
    Object.entries(place.arguments).flatMap(([name, value]) => {
      const schema = place.properties[name];
      return schema === undefined ? [] : [{ place, name, value, schema }];
    }),
  );
}

function isRequired({ place, name }: PlacedArgument): boolean {
  const { required } = place.schema;
  return Array.isArray(required) && required.includes(name);
}

function isPlainlyTyped({ schema }: PlacedArgument): boolean {
  const hasBranches = ['anyOf', 'oneOf', 'allOf', '$ref'].some((keyword) => keyword in schema);
  return typeof schema.type === 'string' && schema.type !== 'null' && !hasBranches;
}

function wrongFor(type: unknown, random: Random): unknown {
  const values: Record<string, readonly unknown[]> = {
    string: [7, true, { text: 'a' }],
    integer: ['seven', 2.5, true],
    number: ['seven', true, []],
    boolean: ['yes', 1],
    array: ['one', { first: 1 }],
    object: ['one', [1]],
  };
  return random.pick(values[String(type)] ?? [null]);
}

/** Whether the tool plainly invites no further arguments. */
function isClosed({ schema }: PlacedCall): boolean {
  const { additionalProperties = false, patternProperties, unevaluatedProperties } = schema;
  const isOpen = patternProperties !== undefined || unevaluatedProperties !== undefined;
  return additionalProperties === false && schema.properties !== undefined && !isOpen;
}
