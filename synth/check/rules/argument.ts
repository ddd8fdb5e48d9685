import { isObject } from '../../../core/formats/arguments.ts';
import { unitOf } from '../../../core/text/quantities-units.ts';
import type { Row } from '../row.ts';

const MAX_VALUES = 100;

/** The values at a path such as `party.guests`, `items[].weight` or `items.0.weight`; a list gives each member. */
export function valuesAt(args: Record<string, unknown>, path: string): unknown[] {
  const keys = path
    .replaceAll(/\[(\d*|\*)\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '' && key !== '*');
  let values: unknown[] = [args];
  for (const key of keys.slice(0, 10)) {
    values = values
      .flatMap((value) =>
        Array.isArray(value) && !/^\d+$/.test(key) ? value.slice(0, MAX_VALUES) : [value],
      )
      .flatMap((value) => memberOf(value, key))
      .slice(0, MAX_VALUES);
  }
  return values;
}

function memberOf(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.slice(Number(key), Number(key) + 1);
  return isObject(value) && Object.hasOwn(value, key) ? [value[key]] : [];
}

/** What a tool's schema says of one argument: its description and the list of its values. */
export interface ParameterInfo {
  description: string;
  options: readonly string[];
  minimum: number | undefined;
  maximum: number | undefined;
}

/** Looks a parameter up in a tool's schema; undefined where the schema does not declare it. */
export function parameterOf(row: Row, tool: string, path: string): ParameterInfo | undefined {
  let schema: unknown = schemaOf(row, tool);
  for (const key of path
    .replaceAll(/\[(?:\d*|\*)\]/g, '')
    .split('.')
    .slice(0, 10)) {
    if (isObject(schema) && isObject(schema.items)) schema = schema.items;
    if (/^\d+$/.test(key)) continue;
    const properties = isObject(schema) ? schema.properties : undefined;
    if (!isObject(properties) || !Object.hasOwn(properties, key)) return undefined;
    schema = properties[key];
  }
  return isObject(schema) ? infoOf(schema) : undefined;
}

/** The parameters of a tool at the top of its schema. */
export function parametersOf(row: Row, tool: string): [string, ParameterInfo][] {
  const schema = schemaOf(row, tool);
  const properties = isObject(schema) && isObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties)
    .slice(0, MAX_VALUES)
    .flatMap(([name, one]) =>
      isObject(one) ? [[name, infoOf(one)] as [string, ParameterInfo]] : [],
    );
}

function schemaOf({ context, toolsByName }: Row, name: string): unknown {
  const index = toolsByName.get(name)?.index;
  const tool = index === undefined ? undefined : context.conversation.tools[index];
  return isObject(tool) && isObject(tool.function) ? tool.function.parameters : undefined;
}

function infoOf(schema: Record<string, unknown>): ParameterInfo {
  const { description, enum: options, minimum, maximum } = schema;
  return {
    description: typeof description === 'string' ? description.slice(0, 500) : '',
    options: Array.isArray(options)
      ? options.slice(0, MAX_VALUES).filter((option) => typeof option === 'string')
      : [],
    minimum: typeof minimum === 'number' ? minimum : undefined,
    maximum: typeof maximum === 'number' ? maximum : undefined,
  };
}

/** Names of units that are other words in an argument's name: check_in, min_price, the day of a date. */
const OTHER_WORDS = new Set(
  'in t s w b min a day month year week night second pound pounds foot share ms'.split(' '),
);

/** The unit that an argument's name ends in or has (`weight_kg`, `days_since_purchase`), or that its description names. */
export function unitOfArgument(path: string, description: string): string | undefined {
  const words = path
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  if (words.length > 1 && last === 'min') return 'min';
  if (words.some((word) => word.startsWith('temp')) && (last === 'c' || last === 'f'))
    return `°${last.toUpperCase()}`;
  for (const word of words.toReversed()) {
    const isName = word.length > 1 || (word === last && words.length > 1);
    if (isName && !OTHER_WORDS.has(word) && unitOf(word)) return unitOf(word)?.name;
  }
  for (const [, word = ''] of description.matchAll(/(?:\b(?:in|of)|\() ?([a-z°%]{1,14})\b/gi)) {
    const unit =
      word.length === 1 || OTHER_WORDS.has(word.toLowerCase()) ? undefined : unitOf(word);
    if (unit !== undefined) return unit.name;
  }
  return undefined;
}
