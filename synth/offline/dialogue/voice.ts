import type { Reading } from '../text/reading.ts';
import { singular } from '../words/grammar.ts';
import { RECORDS } from '../words/nouns.ts';
import { participle } from '../words/verbs.ts';
import type { ToolModel } from './tool-model.ts';

/** How a user says what a tool does: "freeze my membership", "have my deposit returned". */
export type Voice = (tool: ToolModel) => string;

/**
 * A voice after the passage: what the service does there is what the user wants to have done, and records are the
 * user's own.
 */
export function voiceOf(reading: Reading): Voice {
  const served = new Set<string>();
  const done = new Set<string>();
  for (const { form, by, verb, object } of reading.actions) {
    (form === 'passive' || by === 'staff' ? served : done).add(`${verb} ${singular(object.head)}`);
  }
  return (tool) => {
    const [verb = '', second = ''] = tool.phrase.split(' ');
    const object = owned(tool.object);
    const key = `${verb} ${singular(headOf(tool.object))}`;
    const isServed = served.has(key) && !done.has(key);
    if (isServed && tool.writes && !/^(?:for|on|off|up|in|out)$/.test(second))
      return `have ${object} ${participle(verb)}`;
    return tool.phrase.endsWith(tool.object)
      ? `${tool.phrase.slice(0, -tool.object.length)}${object}`
      : tool.phrase;
  };
}

function owned(object: string): string {
  const bare = /^(the )?([^,]+)$/.exec(object);
  if (bare?.[2] === undefined || / (?:of|on|in|for|by) /.test(object) || /^an? /.test(object))
    return object;
  const isRecord = RECORDS.has(singular(headOf(object)));
  return isRecord ? `my ${bare[2]}` : object;
}

function headOf(object: string): string {
  return (
    object
      .split(/ (?:of|on|in|for|with|from|to|by|at) /)[0]
      ?.split(' ')
      .at(-1) ?? object
  );
}
