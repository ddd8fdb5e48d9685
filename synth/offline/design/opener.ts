import type { Random } from '../seed.ts';
import type { Action } from '../text/action.ts';
import { nameOf } from '../text/noun-phrase.ts';
import type { Reading } from '../text/reading.ts';
import { article, capitalised, isPlural, singular, snake } from '../words/grammar.ts';
import { CLIENTS, RECORDS } from '../words/nouns.ts';
import type { ToolDraft } from './drafts.ts';
import { clientOf } from './goal.ts';
import { type Target, targetOf } from './target.ts';

/** The tool that finds the record of the matter by what the user can tell. */
export function recordOpener(
  reading: Reading,
  goal: Target,
  ranked: readonly Action[],
  random: Random,
): ToolDraft {
  const client = clientOf(reading.text);
  const key = keyOf(reading, goal, client);
  const read = readStep(ranked, key.noun);
  const isRecord = RECORDS.has(key.noun) || CLIENTS.has(key.noun);
  const verb = random.pick(
    CLIENTS.has(key.noun) ? ['find', 'look_up', 'get'] : ['find', 'look_up', 'get', 'open'],
  );
  const ownName = isRecord ? `${verb}_${snake(key.noun)}` : `look_up_${key.parameter}`;
  const ownDescription = isRecord
    ? `${capitalised(verb.replace('_', ' '))} the ${key.noun} by ${key.label}.`
    : `Look up the ${key.label}.`;
  return {
    name: read?.name ?? ownName,
    description: read?.description ?? ownDescription,
    kind: 'read',
    parameters: [
      {
        name: key.parameter,
        type: 'string',
        description: capitalised(key.label),
        digits: key.digits,
      },
    ],
    returns: `${recordNoun(goal, key.noun, client, random)}_id`,
    sentence:
      read?.sentence ??
      reading.sentences.findIndex(({ text }) => text.toLowerCase().includes(key.label)),
  };
}

interface Key {
  noun: string;
  label: string;
  parameter: string;
  digits: number | undefined;
}

/** The identifier that the text asks for; without one, the number of the client or of the thing itself. */
function keyOf(reading: Reading, goal: Target, client: string | undefined): Key {
  const [identifier] = reading.identifiers;
  if (identifier !== undefined) return identifier;
  const noun = goal.creates || !RECORDS.has(goal.noun) ? (client ?? 'customer') : goal.noun;
  return { noun, label: `${noun} number`, parameter: `${snake(noun)}_number`, digits: undefined };
}

/** A step of the text that looks the record up. */
function readStep(ranked: readonly Action[], noun: string): Target | undefined {
  const step = ranked.find(({ kind, object, verb }) => {
    const head = singular(object.head);
    const fits = head === noun || RECORDS.has(head);
    return kind === 'read' && fits && !/^(?:list|measure|count|weigh|compare)$/.test(verb);
  });
  return step === undefined ? undefined : targetOf(step);
}

/** What the id of the opened record stands for: the goal's object, or the client where that is yet to be made. */
function recordNoun(
  goal: Target,
  keyNoun: string,
  client: string | undefined,
  random: Random,
): string {
  const isThere = !goal.creates && RECORDS.has(goal.noun) && !isPlural(goal.noun);
  if (isThere && goal.noun !== keyNoun) return goal.noun;
  if (client !== undefined && client !== keyNoun) return client;
  const general = random.pick(['record', 'file', 'entry', 'profile', 'case']);
  return keyNoun === general ? 'folder' : general;
}

/** Texts about a screen, a device or a kitchen: a session is opened by the name of the device. */
export function sessionOpener(reading: Reading, device: string, random: Random): ToolDraft {
  const verb = random.pick(['open', 'start']);
  const place = placeOf(reading, device);
  const on = `on ${article(device)} ${device}`;
  return {
    name:
      place === undefined
        ? `${verb}_${device}_session`
        : `${verb}_${nameOf({ text: place, head: place })}_session`,
    description:
      place === undefined
        ? `${capitalised(verb)} a session ${on}.`
        : `${capitalised(verb)} a session for ${place} ${on}.`,
    kind: 'read',
    parameters: [
      { name: `${device}_name`, type: 'string', description: `${capitalised(device)} name` },
    ],
    returns: 'session_id',
    sentence: 0,
  };
}

/** What the session is for: the dish of a recipe, or the page that the first steps lead to. */
function placeOf(reading: Reading, device: string): string | undefined {
  if (device === 'cooker') {
    const { title } = reading;
    return title !== undefined && title.split(' ').length <= 4 ? title.toLowerCase() : undefined;
  }
  const moves = reading.actions.filter(
    ({ kind, form, object }) => kind === 'move' && form === 'order' && /[a-z]{4}/.test(object.text),
  );
  return moves.slice(0, 3).at(-1)?.object.text;
}
