import { isObject } from '../../../core/formats/arguments.ts';
import type { Row } from '../row.ts';
import { resolveLocal, type Schema } from '../schema-walk.ts';
import type { Branch } from './leaves.ts';

/** What a tool's schema says of one argument. */
export interface ArgumentSchema {
  description: string;
  format: string;
  /** The values of enum and const. */
  allowed: readonly unknown[];
  default: unknown;
  examples: readonly unknown[];
}

const MAX_STEPS = 200;

/** What the schema of a call's tool says of the argument at a place; empty where it says nothing. */
export function argumentSchema(
  row: Row,
  toolIndex: number | undefined,
  branch: Branch | null,
): ArgumentSchema {
  const root = toolIndex === undefined ? undefined : parametersOf(row, toolIndex);
  const keys: (string | number)[] = [];
  for (let at = branch; at !== null; at = at.parent) keys.push(at.at);
  let nodes = root === undefined ? [] : expand(root, [root]);
  for (const key of keys.reverse()) {
    if (root === undefined) break;
    nodes = expand(
      root,
      nodes.flatMap((node) => below(node, key)),
    );
  }
  return merge(nodes);
}

function parametersOf(row: Row, toolIndex: number): Schema | undefined {
  const tool = row.context.conversation.tools[toolIndex];
  const definition = isObject(tool) ? tool.function : undefined;
  const parameters = isObject(definition) ? definition.parameters : undefined;
  return isObject(parameters) ? parameters : undefined;
}

function below(node: Schema, key: string | number): Schema[] {
  const { properties, items, prefixItems } = node;
  if (typeof key === 'number') {
    const own: unknown = Array.isArray(prefixItems) ? prefixItems[key] : undefined;
    return [own ?? items].filter(isObject);
  }
  if (isObject(properties) && Object.hasOwn(properties, key))
    return [properties[key]].filter(isObject);
  return [node.additionalProperties].filter(isObject);
}

/** The nodes with those that their references and combinations lead to. */
function expand(root: Schema, nodes: readonly Schema[]): Schema[] {
  const found = new Set<Schema>(nodes);
  for (const node of found) {
    if (found.size > MAX_STEPS) break;
    const target = typeof node.$ref === 'string' ? resolveLocal(root, node.$ref) : undefined;
    if (isObject(target)) found.add(target);
    for (const branches of [node.anyOf, node.oneOf, node.allOf]) {
      if (!Array.isArray(branches)) continue;
      for (const branch of branches.slice(0, MAX_STEPS)) if (isObject(branch)) found.add(branch);
    }
  }
  return [...found];
}

function merge(nodes: readonly Schema[]): ArgumentSchema {
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    description: nodes
      .map(({ description }) => textOf(description))
      .join(' ')
      .slice(0, 2000),
    format: nodes.map(({ format }) => textOf(format)).find((format) => format !== '') ?? '',
    allowed: nodes.flatMap((node) => [
      ...(Array.isArray(node.enum) ? (node.enum as unknown[]) : []), // an array of whatever
      ...(node.const === undefined ? [] : [node.const]),
    ]),
    default: nodes.map((node) => node.default).find((value) => value !== undefined),
    examples: nodes.flatMap(({ examples }) =>
      Array.isArray(examples) ? (examples as unknown[]) : [],
    ),
  };
}
