import type { ToolDefinition } from '../../../core/conversation.ts';
import type { Constraint } from '../../../core/workflow.ts';
import { NEEDS_PARTICLE, PARTICLES, VERBS } from '../words/verbs.ts';

/** A parameter as a conversation deals with it. */
export interface ParameterModel {
  name: string;
  type: string;
  description: string;
  options: string[] | undefined;
  /** The tool whose result brings it; undefined for what the user gives. */
  source: string | undefined;
  low: number | undefined;
  high: number | undefined;
  unit: string | undefined;
  /** The rule that bounds it. */
  rule: string | undefined;
}

/** A tool as a conversation deals with it. */
export interface ToolModel {
  name: string;
  verb: string;
  /** What it does, as it follows "I would like to": "freeze the membership". */
  phrase: string;
  /** What it is done to: "the membership". */
  object: string;
  writes: boolean;
  parameters: ParameterModel[];
  /** The ids that its result brings to other tools. */
  returns: string[];
}

/** The tools of a conversation with what the constraints say of them. */
export function modelTools(
  tools: readonly ToolDefinition[],
  constraints: readonly Constraint[],
): ToolModel[] {
  const names = tools.map((tool) => tool.function.name);
  const models = tools.map((tool): ToolModel => {
    const { name, description = '' } = tool.function;
    const own = constraints.filter((constraint) => constraint.tool === name);
    const parameters = parametersOf(tool).map((parameter) => bounded(parameter, own, names, name));
    return { name, ...wordsOf(name, description), parameters, returns: [] };
  });
  for (const { name, parameters } of models) {
    for (const parameter of parameters) {
      parameter.source ??= guessSource(parameter.name, name, models);
      models.find((tool) => tool.name === parameter.source)?.returns.push(parameter.name);
    }
  }
  for (const model of models) model.returns = [...new Set(model.returns)];
  return models;
}

interface Property {
  name: string;
  type: string;
  description: string;
  options: string[] | undefined;
}

/** The required parameters of a tool; those that are optional are left alone. */
function parametersOf(tool: ToolDefinition): Property[] {
  const { properties, required } = tool.function.parameters ?? {};
  if (typeof properties !== 'object' || properties === null) return [];
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(properties).flatMap(([name, schema]: [string, unknown]): Property[] => {
    if (!needed.includes(name) || typeof schema !== 'object' || schema === null) return [];
    const type = 'type' in schema && typeof schema.type === 'string' ? schema.type : 'string';
    const description =
      'description' in schema && typeof schema.description === 'string' ? schema.description : '';
    const options =
      'enum' in schema && Array.isArray(schema.enum) ? schema.enum.map(String) : undefined;
    return [{ name, type, description, options }];
  });
}

function bounded(
  property: Property,
  constraints: readonly Constraint[],
  tools: readonly string[],
  own: string,
): ParameterModel {
  const mine = constraints.filter(({ argument }) => argument === property.name);
  const bound = (operators: string[]): number | undefined => {
    const value = mine.find(
      ({ operator }) => operator !== undefined && operators.includes(operator),
    )?.value;
    return typeof value === 'number' ? value : undefined;
  };
  const source = tools.find(
    (tool) => tool !== own && new RegExp(`\\b${tool}\\b`).test(property.description),
  );
  return {
    ...property,
    source,
    low: bound(['>=', '==']),
    high: bound(['<=', '==']),
    unit: mine.find(({ unit }) => unit !== undefined)?.unit,
    rule: mine[0]?.rule,
  };
}

/** An id that no description explains comes from an earlier tool that reads what it stands for. */
function guessSource(
  parameter: string,
  tool: string,
  models: readonly ToolModel[],
): string | undefined {
  const stem = /^(.+)_id$/.exec(parameter)?.[1];
  if (stem === undefined) return undefined;
  const at = models.findIndex(({ name }) => name === tool);
  const earlier = models
    .slice(0, at)
    .filter(({ parameters }) => !parameters.some(({ name }) => name === parameter));
  return earlier.find(({ name }) => name.includes(stem))?.name;
}

function wordsOf(
  name: string,
  description: string,
): Pick<ToolModel, 'verb' | 'phrase' | 'object' | 'writes'> {
  const [verb = name, ...rest] = name.split('_');
  const first = description.replace(/\.$/, '').split(/[.;(]/)[0]?.trim() ?? '';
  const begins = first.toLowerCase().startsWith(verb.slice(0, 4)) && first.length <= 70;
  const particle = (PARTICLES.get(verb) ?? []).includes(rest[0] ?? '') ? rest[0] : undefined;
  const ownPhrase = `${verb}${particle === undefined ? '' : ` ${particle}`} the ${rest.slice(particle === undefined ? 0 : 1).join(' ')}`;
  const phrase = begins ? first.slice(0, 1).toLowerCase() + first.slice(1) : ownPhrase;
  const words = phrase.split(' ');
  const skip = particle !== undefined && words[1] === particle ? 2 : 1;
  return { verb, phrase, object: words.slice(skip).join(' '), writes: isWrite(verb) };
}

function isWrite(verb: string): boolean {
  const kind =
    VERBS.get(verb) ??
    (/^(?:get|list|show|see|fetch|describe|calculate)$/.test(verb) ? 'read' : 'write');
  return (kind === 'write' || kind === 'cook') && !(NEEDS_PARTICLE.has(verb) && verb === 'look');
}
