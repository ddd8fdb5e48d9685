import { z } from 'zod';
import { isObject } from './arguments.ts';
import { type LooseConversation, looseArguments, looseTools } from './loose.ts';

/** tau2-bench's results.json as far as it matters here (its data_model/simulation.py). */
const Tau2Results = z.object({
  info: z
    .object({
      environment_info: z
        .object({ policy: z.string().nullish(), tool_defs: z.unknown() })
        .partial()
        .nullish(),
    })
    .nullish(),
  simulations: z.array(z.unknown()),
});

/** One simulation of a results.json, with what the file says of all. */
export interface Tau2Simulation {
  simulation: unknown;
  policy: string | null;
  /** The agent's tools by name; null where the file has none, as most. */
  toolDefinitions: unknown;
}

/** Whether a value is a results.json rather than one row. */
export function isTau2Results(value: unknown): boolean {
  return isObject(value) && Array.isArray(value.simulations);
}

/** The simulations of a results.json, in order. Throws a ZodError when it is none. */
export function tau2Simulations(value: unknown): Tau2Simulation[] {
  const { info, simulations } = Tau2Results.parse(value);
  const environment = info?.environment_info;
  return simulations.map((simulation) => ({
    simulation,
    policy: environment?.policy ?? null,
    toolDefinitions: environment?.tool_defs ?? null,
  }));
}

/**
 * A simulation as the agent saw it: the policy as the system message, the agent's own calls and their
 * results; calls that the simulated user made on its own device, and their results, are left out.
 */
export function fromTau2({
  simulation,
  policy,
  toolDefinitions,
}: Tau2Simulation): LooseConversation {
  const given = isObject(simulation) ? simulation.messages : undefined;
  const list: unknown[] = Array.isArray(given) ? Array.from(given) : [given];
  const messages = list.flatMap((message) => fromMessage(message));
  const hasSystem = messages.some((message) => isObject(message) && message.role === 'system');
  if (policy !== null && !hasSystem) messages.unshift({ role: 'system', content: policy });
  return { messages, ...looseTools(definitionsOf(toolDefinitions)) };
}

function fromMessage(message: unknown): unknown[] {
  if (!isObject(message)) return [message];
  const { role, content, tool_calls, id, requestor } = message;
  if (role === 'tool')
    return requestor === 'user' ? [] : [{ role, tool_call_id: id, content: content ?? '' }];
  if (role === 'user') {
    const isCall = Array.isArray(tool_calls) && tool_calls.length > 0 && !content;
    return isCall ? [] : [{ role, content }];
  }
  if (role !== 'assistant' || !Array.isArray(tool_calls) || tool_calls.length === 0)
    return [{ role, content }];
  return [{ role, content: content ?? null, tool_calls: Array.from(tool_calls, fromCall) }];
}

function fromCall(call: unknown): unknown {
  if (!isObject(call)) return call;
  const { id, name, arguments: args } = call;
  return { id, type: 'function', function: { name, arguments: looseArguments(args) } };
}

/** tau2 keeps tools as {name: {name, doc, params}}; others write them as OpenAI does. */
function definitionsOf(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.values(value).map((tool) =>
    isObject(tool) && isObject(tool.params)
      ? { name: tool.name, description: tool.doc, parameters: tool.params }
      : tool,
  );
}
