import type { ErrorObject } from 'ajv';
import { joinPath, joinPointer, jsonOf, shorten } from './json-path.ts';

/** What is wrong with a call's arguments; the path is below the arguments and may be empty. */
export interface Violation {
  code: string;
  path: string;
  text: string;
}

const CODES: Record<string, string> = {
  required: 'missing_required',
  dependentRequired: 'missing_required',
  dependencies: 'missing_required',
  type: 'wrong_type',
  nullable: 'wrong_type',
  enum: 'enum_violation',
  const: 'enum_violation',
  format: 'format_violation',
  pattern: 'pattern_violation',
  additionalProperties: 'undeclared_argument',
  unevaluatedProperties: 'undeclared_argument',
  propertyNames: 'undeclared_argument',
  maximum: 'range_violation',
  minimum: 'range_violation',
  exclusiveMaximum: 'range_violation',
  exclusiveMinimum: 'range_violation',
  multipleOf: 'range_violation',
  maxLength: 'range_violation',
  minLength: 'range_violation',
  maxItems: 'range_violation',
  minItems: 'range_violation',
  additionalItems: 'range_violation',
  unevaluatedItems: 'range_violation',
  uniqueItems: 'range_violation',
  maxProperties: 'range_violation',
  minProperties: 'range_violation',
  contains: 'range_violation',
};
const CHOICES = new Set(['anyOf', 'oneOf']);

/** Most errors of one call that are looked at: telling them apart takes quadratic time. */
const MAX_ERRORS = 200;

/** ajv's errors (all of them, in its order) as violations: one for each thing that is wrong. */
export function violationsOf(all: readonly ErrorObject[], value: unknown): Violation[] {
  const errors = all.slice(0, MAX_ERRORS);
  const choices = [...errors.entries()].filter(([, error]) => CHOICES.has(error.keyword));
  return errors
    .filter(
      (error, index) => !choices.some(([at, choice]) => at > index && isBranch(error, choice)),
    )
    .filter((error) => error.keyword !== 'if')
    .map((error) => describe(error, errors, value));
}

/** Whether an error only says why one branch of a later failed anyOf or oneOf did not hold. */
function isBranch(error: ErrorObject, choice: ErrorObject): boolean {
  if (!isBelow(error.instancePath, choice.instancePath)) return false;
  const holder = choice.schemaPath.slice(0, choice.schemaPath.lastIndexOf('/') + 1);
  if (!error.schemaPath.startsWith(holder)) return true;
  // Beside the choice, not in it: another keyword of the same schema, or below its members.
  const rest = error.schemaPath.slice(holder.length);
  return rest.includes('/') && !/^(?:properties|items)\//.test(rest);
}

function isBelow(pointer: string, base: string): boolean {
  return pointer === base || pointer.startsWith(`${base}/`);
}

function describe(error: ErrorObject, errors: readonly ErrorObject[], value: unknown): Violation {
  const name = nameOf(error);
  const at = joinPointer('', error.instancePath);
  const path = name === undefined ? at : joinPath(at, name);
  const code = CHOICES.has(error.keyword) ? codeOfChoice(error, errors) : CODES[error.keyword];
  const text = `${path === '' ? 'the arguments' : path} ${explain(error, value)}`;
  return { code: code ?? 'schema_violation', path, text };
}

/** The member that an error of an object is about. */
function nameOf({ params }: ErrorObject): string | undefined {
  for (const key of [
    'missingProperty',
    'additionalProperty',
    'unevaluatedProperty',
    'propertyName',
  ]) {
    const name: unknown = params[key];
    if (typeof name === 'string') return name;
  }
  return undefined;
}

/** A choice between types is a wrong type when no branch takes the value's type. */
function codeOfChoice(choice: ErrorObject, errors: readonly ErrorObject[]): string {
  const here = errors
    .slice(0, errors.indexOf(choice))
    .filter((error) => error.instancePath === choice.instancePath);
  const branches = here.filter((error) => !CHOICES.has(error.keyword));
  const wrongType = branches.length > 0 && branches.every((error) => error.keyword === 'type');
  return wrongType ? 'wrong_type' : 'schema_violation';
}

function explain({ keyword, params, instancePath }: ErrorObject, root: unknown): string {
  if (CODES[keyword] === 'missing_required') return 'is required and missing';
  if (CODES[keyword] === 'undeclared_argument') return 'is not declared by the tool';
  const value = shorten(jsonOf(valueAt(root, instancePath)));
  switch (keyword) {
    case 'type':
      return `is ${value}, not of type ${[params.type].flat().join(' or ')}`;
    case 'enum':
      return `is ${value}, not one of ${shorten(JSON.stringify(params.allowedValues), 160)}`;
    case 'const':
      return `is ${value}, not ${shorten(JSON.stringify(params.allowedValue))}`;
    case 'format':
      return `is ${value}, not in the format ${params.format}`;
    case 'pattern':
      return `is ${value}, which does not match ${shorten(String(params.pattern))}`;
    default:
      return `is ${value} and breaks "${keyword}"${limitOf(params)}`;
  }
}

function limitOf(params: Record<string, unknown>): string {
  const limit = params.limit ?? params.multipleOf;
  return limit === undefined
    ? ''
    : ` (${String(params.comparison ?? '')} ${String(limit)})`.replace('( ', '(');
}

function valueAt(root: unknown, pointer: string): unknown {
  let current = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key))
      return undefined;
    // hasOwn has told that the member is there.
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}
