import { errorMessage } from '../../core/errors.ts';
import { isObject } from '../../core/formats/arguments.ts';
import { BoundedCache } from './bounded-cache.ts';
import { joinPath, shorten } from './json-path.ts';
import { tooBig } from './json-size.ts';
import {
  compileSchema,
  type Dialect,
  dialectOf,
  metaErrors,
  type Validator,
} from './schema-compile.ts';
import { readPattern } from './schema-pattern.ts';
import { followRefs } from './schema-refs.ts';
import { resolveLocal, type Schema, walkSchema } from './schema-walk.ts';
import { runWithin } from './time-limit.ts';
import { undeclaredMembers } from './undeclared.ts';
import { type Violation, violationsOf } from './violations.ts';

const VALIDATION_MS = 500;

/** What is wrong with a tool's parameters (paths below them), and how to hold a call against them. */
export interface ToolSchema {
  problems: readonly Violation[];
  /** The violations of a call's arguments; null when the schema cannot be used. Compiled when first asked. */
  validate: ((value: Record<string, unknown>) => Violation[]) | null;
}

const cache = new BoundedCache<ToolSchema>();

/** Reads a tool's `parameters`, whatever they are; equal ones are read and compiled once. */
export function toolSchema(parameters: unknown): ToolSchema {
  if (parameters === undefined) return toolSchema({ type: 'object', properties: {} });
  if (!isObject(parameters)) return unusable('tool_schema_invalid', 'parameters is not an object');
  const big = tooBig(parameters);
  if (big !== null) return unusable('tool_schema_refused', `parameters cannot be used: ${big}`);
  const key = JSON.stringify(parameters);
  const known = cache.get(key) ?? tryToRead(parameters);
  cache.set(key, known);
  return known;
}

function unusable(code: string, text: string): ToolSchema {
  return { problems: [{ code, path: '', text }], validate: null };
}

/** ajv itself stumbles over members such as `valueOf`. */
function tryToRead(root: Schema): ToolSchema {
  try {
    return readSchema(root);
  } catch (error) {
    const reason = shorten(errorMessage(error), 160);
    return unusable('tool_schema_refused', `parameters cannot be used: ${reason}`);
  }
}

function readSchema(root: Schema): ToolSchema {
  const named = dialectOf(root.$schema);
  const problems: Violation[] = [];
  if (root.$schema !== undefined && named === undefined) {
    const text = `$schema is ${shorten(JSON.stringify(root.$schema))}, an unknown dialect`;
    problems.push({ code: 'tool_schema_refused', path: '$schema', text });
  }
  const { dialect, errors } = readDialect(root, named);
  problems.push(...errors);
  if (root.type !== 'object') {
    const text = `parameters has the type ${shorten(JSON.stringify(root.type) ?? 'none')}, not "object"`;
    problems.push({ code: 'tool_schema_invalid', path: joinPath('', 'type'), text });
  }
  if (errors.length > 0) return { problems, validate: null };
  problems.push(...nodeProblems(root));
  const refs = followRefs(root);
  if (refs.refused !== null) {
    const text = `parameters cannot be used: ${refs.refused}`;
    problems.push({ code: 'tool_schema_refused', path: '', text });
  }
  const usable = problems.every(({ code }) => code === 'required_unknown_property');
  return { problems, validate: usable ? lazyValidator(root, dialect, refs.recursive) : null };
}

/** Without `$schema` a schema may be of either kind that tools are written in. */
function readDialect(
  root: Schema,
  named: Dialect | undefined,
): { dialect: Dialect; errors: Violation[] } {
  const dialect = named ?? '2020-12';
  const errors = metaErrors(root, dialect);
  if (errors.length === 0) return { dialect, errors: [] };
  if (named === undefined && metaErrors(root, 'draft-07').length === 0)
    return { dialect: 'draft-07', errors: [] };
  const texts = violationsOf(errors, root).map(({ path, text }) => ({
    code: 'tool_schema_invalid',
    path,
    text,
  }));
  return { dialect, errors: texts };
}

/** What the meta-schema does not say: required names, patterns, references. */
function nodeProblems(root: Schema): Violation[] {
  const problems: Violation[] = [];
  for (const { schema, path } of walkSchema(root, '')) {
    problems.push(...requiredProblems(schema, path), ...patternProblems(schema, path));
    for (const keyword of ['$ref', '$dynamicRef', '$recursiveRef']) {
      const reference = schema[keyword];
      if (typeof reference !== 'string') continue;
      const found = keyword === '$ref' && resolveLocal(root, reference) !== undefined;
      const text = `${keyword} ${shorten(reference)} leads to nothing inside parameters; nothing is fetched`;
      if (!found)
        problems.push({ code: 'tool_schema_refused', path: joinPath(path, keyword), text });
    }
    if (schema.$async === true) {
      problems.push({
        code: 'tool_schema_refused',
        path: joinPath(path, '$async'),
        text: 'asynchronous',
      });
    }
  }
  return problems;
}

function requiredProblems({ required, properties }: Schema, path: string): Violation[] {
  if (!Array.isArray(required) || !isObject(properties)) return [];
  return [...required.entries()]
    .filter(([, name]) => !Object.hasOwn(properties, String(name)))
    .map(([index, name]) => ({
      code: 'required_unknown_property',
      path: joinPath(joinPath(path, 'required'), index),
      text: `${shorten(String(name))} is required, but not among the properties`,
    }));
}

function patternProblems({ pattern, patternProperties }: Schema, path: string): Violation[] {
  const names = isObject(patternProperties) ? Object.keys(patternProperties) : [];
  return [pattern, ...names].flatMap((text) => {
    if (typeof text !== 'string') return [];
    const regex = readPattern(text);
    if (typeof regex !== 'string') return [];
    return [
      {
        code: 'tool_schema_invalid',
        path: joinPath(path, 'pattern'),
        text: `the pattern ${shorten(text)}: ${shorten(regex)}`,
      },
    ];
  });
}

function lazyValidator(root: Schema, dialect: Dialect, recursive: boolean): ToolSchema['validate'] {
  let compiled: Validator | undefined;
  // Comparing all items with each other, or going as deep as the value goes, may take for ever.
  const slow = recursive || JSON.stringify(root).includes('"uniqueItems":true');
  return (value) => {
    compiled ??= compileSchema(root, dialect);
    const validator = compiled;
    const result = slow
      ? runWithin(VALIDATION_MS, () => validator(value))
      : { value: validator(value) };
    if (result === 'stopped')
      return [notChecked(`the arguments took more than ${VALIDATION_MS} ms to validate`)];
    const { errors, givenUp } = result.value;
    const violations = violationsOf(errors, value);
    const told = new Set(violations.map(({ path }) => path));
    for (const { path, top } of undeclaredMembers(root, value)) {
      const code = top ? 'undeclared_argument' : 'undeclared_member';
      if (!told.has(path))
        violations.push({ code, path, text: `${path} is not declared by the tool` });
    }
    violations.push(
      ...givenUp.map((pattern) => notChecked(`the pattern ${shorten(pattern)} takes too long`)),
    );
    return violations;
  };
}

function notChecked(text: string): Violation {
  return { code: 'args_not_checked', path: '', text };
}
