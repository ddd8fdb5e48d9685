import { setFlagsFromString } from 'node:v8';
import { Ajv, type AnySchemaObject, type ErrorObject, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { addFormats } from './schema-formats.ts';
import { PatternWatch } from './schema-pattern.ts';
import { type Schema, walkSchema } from './schema-walk.ts';

export type Dialect = 'draft-07' | '2019-09' | '2020-12';

const CLASSES = { 'draft-07': Ajv, '2019-09': Ajv2019, '2020-12': Ajv2020 };

/** Nothing is registered, fetched, logged or changed; the texts of errors are our own. */
const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  addUsedSchema: false,
  validateSchema: false,
  logger: false,
  ownProperties: true,
  multipleOfPrecision: 9,
  messages: false,
};

/** The dialect that `$schema` names; older drafts are read as draft-07; undefined for an unknown one. */
export function dialectOf(uri: unknown): Dialect | undefined {
  if (typeof uri !== 'string') return undefined;
  if (/json-schema\.org\/draft-0[467]\/schema/.test(uri)) return 'draft-07';
  if (uri.includes('json-schema.org/draft/2019-09/')) return '2019-09';
  return uri.includes('json-schema.org/draft/2020-12/') ? '2020-12' : undefined;
}

const metaAjv = new Map<Dialect, Ajv>();

/** What the dialect's own schema has against a schema. */
export function metaErrors(schema: Schema, dialect: Dialect): ErrorObject[] {
  const ajv = metaAjv.get(dialect) ?? new CLASSES[dialect]({ ...OPTIONS, validateFormats: false });
  metaAjv.set(dialect, ajv);
  const validate = ajv.getSchema(META_IDS[dialect]);
  if (validate === undefined || validate(schema) === true) return [];
  return validate.errors ?? [];
}

const META_IDS: Record<Dialect, string> = {
  'draft-07': 'http://json-schema.org/draft-07/schema',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

/** Validates a value; gives the errors and the patterns that were given up. */
export type Validator = (value: unknown) => { errors: ErrorObject[]; givenUp: string[] };

/** An ajv keeps something of every schema it ever compiled, so that it is replaced after so many. */
const COMPILER_USES = 100;

interface Compiler {
  ajv: Ajv;
  watch: PatternWatch;
  uses: number;
}

const compilers = new Map<Dialect, Compiler>();

/** Compiles a schema whose references are all local. Throws what ajv throws. */
export function compileSchema(schema: Schema, dialect: Dialect): Validator {
  const { ajv, watch } = sharedCompiler(dialect);
  const validate = uncached(() => ajv.compile(withoutNames(schema)));
  return (value) => {
    watch.reset();
    const valid = validate(value);
    return { errors: valid === true ? [] : (validate.errors ?? []), givenUp: [...watch.givenUp] };
  };
}

/**
 * V8 keeps the text of every function that is made of a text, as ajv's are, for a second use that never comes:
 * 9 KB for each row with tools of its own. Elsewhere its cache is of use, for regular expressions above all.
 */
function uncached<T>(make: () => T): T {
  setFlagsFromString('--no-compilation-cache');
  try {
    return make();
  } finally {
    setFlagsFromString('--compilation-cache');
  }
}

const NAMES = ['$schema', '$id', '$anchor', '$dynamicAnchor', '$recursiveAnchor'];

/**
 * A copy without names: they would meet those of other schemas, and references by name are refused.
 * The dialect is told by the class; ajv would look a `$schema` that it does not know up.
 */
function withoutNames(schema: Schema): AnySchemaObject {
  const copy = structuredClone(schema);
  for (const { schema: node } of walkSchema(copy, '')) {
    for (const name of NAMES) delete node[name];
  }
  return copy;
}

function sharedCompiler(dialect: Dialect): Compiler {
  const current = compilers.get(dialect);
  const compiler =
    current !== undefined && current.uses < COMPILER_USES ? current : makeCompiler(dialect);
  compiler.uses += 1;
  compilers.set(dialect, compiler);
  return compiler;
}

function makeCompiler(dialect: Dialect): Compiler {
  const watch = new PatternWatch();
  const regExp = Object.assign((pattern: string) => watch.compile(pattern), { code: 'new RegExp' });
  const ajv = new CLASSES[dialect]({ ...OPTIONS, meta: false, code: { optimize: false, regExp } });
  addFormats(ajv);
  return { ajv, watch, uses: 0 };
}
