import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { momentsIn } from '../../../core/text/dates.ts';
import { type Quantity, quantitiesIn } from '../../../core/text/quantities.ts';
import type { Random } from '../../offline/seed.ts';
import { argumentsOf } from './arguments.ts';
import { choose, lookalike, unheard } from './choose.ts';
import { COUNT_MUTATION } from './counts.ts';
import {
  inserted,
  type PlacedCall,
  saidBefore,
  statementsOf,
  withArgument,
  withContent,
} from './edit.ts';
import { type ResultLeaf, resultLeaves, withLeaf } from './leaves.ts';
import type { CleanRow, CorruptedRow, Mutation } from './mutation.ts';

/** What the tools and the assistant say at one time and take back at another. */
export const STATE_MUTATIONS: readonly Mutation[] = [
  {
    name: 'value changed between two reads',
    family: 'state',
    codes: ['reread_differs', 'record_differs'],
    mutate: (row, random) =>
      choose(rereadLeaves(row), random, (leaf) => withOtherValue(row, leaf, random)),
  },
  {
    name: 'read again with another value',
    family: 'state',
    codes: ['reread_differs', 'record_differs'],
    mutate: (row, random) =>
      choose(readLeaves(row), random, (leaf) => readAgain(row, leaf, random)),
  },
  {
    name: 'read disagrees with the write before it',
    family: 'state',
    codes: ['write_not_kept', 'record_differs', 'reread_differs'],
    mutate: (row, random) =>
      choose(readBackLeaves(row), random, (leaf) => withOtherValue(row, leaf, random)),
  },
  {
    name: 'id used before it was given',
    family: 'state',
    codes: ['ungrounded_id_arg', 'argument_of_sibling'],
    mutate: (row, random) => choose(earlyIds(row), random, (make) => make()),
  },
  {
    name: 'amount changed in a summary',
    family: 'state',
    codes: [
      'stated_number_unknown',
      'stated_price_differs',
      'stated_amount_differs',
      'stated_rule_differs',
      'count_differs',
      'count_contradicts_list',
    ],
    mutate: (row, random) => changedAmount(row, random),
  },
  {
    name: 'id changed in a text',
    family: 'state',
    codes: ['stated_id_unknown'],
    mutate: (row, random) =>
      choose(statedIds(row), random, ({ index, text, id, said }) => {
        const other = unheard(said, () => lookalike(id, random));
        return other === null ? null : withContent(row, index, text.replace(id, other));
      }),
  },
  COUNT_MUTATION,
];

function withOtherValue(row: CleanRow, leaf: ResultLeaf, random: Random): CorruptedRow | null {
  const { message, path, value } = leaf;
  const other = otherValue(value, random);
  const text = withLeaf(row.conversation.messages[message]?.content ?? '', path, other);
  return text === null ? null : withContent(row, message, text);
}

function otherValue(value: ResultLeaf['value'], random: Random): ResultLeaf['value'] {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return Number((value * 1.5 + random.int(3, 40)).toFixed(2));
  return /^\d{4}-\d{2}-\d{2}/.test(value) ? `2031${value.slice(4)}` : `${value} changed`;
}

/** Scalars that the same call gave before with the same value, with nothing but reads between. */
function rereadLeaves(row: CleanRow): ResultLeaf[] {
  const requests = requestsOf(row);
  const seen = new Map<string, number>();
  return resultLeaves(row).filter(({ message, path, value, key }) => {
    const place = `${requests.get(message)} ${path.join('.')} ${JSON.stringify(value)}`;
    const earlier = seen.get(place);
    seen.set(place, message);
    if (earlier === undefined || earlier === message || isIdName(key)) return false;
    return [...requests].every(([at, one]) => at < earlier || at > message || isRead(one));
  });
}

/** Scalars of records that a turn of one call reads. */
function readLeaves(row: CleanRow): ResultLeaf[] {
  const requests = requestsOf(row);
  const { messages } = row.conversation;
  return resultLeaves(row).filter(({ message, key, entity }) => {
    const call = messages[message - 1];
    const isAlone = call?.role === 'assistant' && call.tool_calls?.length === 1;
    const isNext = isAlone && messages[message + 1]?.role !== 'tool';
    return isNext && entity !== '' && !isIdName(key) && /^get/.test(requests.get(message) ?? '');
  });
}

/** The call of a scalar's result made again right after it, with another value in that place. */
function readAgain(row: CleanRow, leaf: ResultLeaf, random: Random): CorruptedRow | null {
  const { message: at, path, value } = leaf;
  const call = row.conversation.messages[at - 1];
  const result = row.conversation.messages[at];
  if (call?.role !== 'assistant' || result?.role !== 'tool') return null;
  const content = withLeaf(result.content, path, otherValue(value, random));
  const id = `${result.tool_call_id}_again`;
  const calls = call.tool_calls?.map((one) => ({ ...one, id }));
  const again = { role: 'assistant', content: null, tool_calls: calls };
  return inserted(row, at + 1, again, { role: 'tool', tool_call_id: id, content });
}

function isIdName(name: string): boolean {
  return /(?:^|_)ids?$/i.test(name);
}

const READ = /^(?:get|find|search|list|show|check|look|view|read|fetch|calculate|think|transfer)/;

function isRead(request: string): boolean {
  return READ.test(request);
}

/** The call that each tool message answers, as text. */
function requestsOf({ conversation: { messages } }: CleanRow): Map<number, string> {
  const requests = new Map<number, string>();
  let open = new Map<string, string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') requests.set(index, open.get(message.tool_call_id) ?? '');
    else if (message.role === 'assistant')
      open = new Map(
        (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) => [
          id,
          `${name} ${text}`,
        ]),
      );
  }
  return requests;
}

/** Scalars of a record that a write before gave under the same name, for the same record. */
function readBackLeaves(row: CleanRow): ResultLeaf[] {
  const writes = argumentsOf(row)
    .filter(({ place, name }) => !isRead(place.call.function.name) && !isIdName(name))
    .map((one) => ({ ...one, ids: writtenIds(row, one.place) }));
  const requests = requestsOf(row);
  return resultLeaves(row).filter(({ message, key, value, entity }) => {
    const own = /=([^,[]+)/.exec(entity)?.[1];
    return (
      isRead(requests.get(message) ?? '') &&
      writes.some(({ place, name, value: written, ids }) => {
        if (place.message >= message - 1 || own === undefined || !ids.has(own)) return false;
        return (name === key && written === value) || holds(written, key, value);
      })
    );
  });
}

/** The ids that a write names, or that its result gives the record. */
function writtenIds({ conversation }: CleanRow, place: PlacedCall): Set<string> {
  const result = conversation.messages[place.message + place.index + 1];
  const returned = result?.role === 'tool' ? jsonOrUndefined(result.content) : undefined;
  const members = { ...(isObject(returned) ? returned : {}), ...place.arguments };
  const ids = Object.entries(members).filter(([name]) => isIdName(name));
  return new Set(ids.map(([, value]) => String(value)));
}

/** Whether an object among a call's arguments has this member. */
function holds(argument: unknown, key: string, value: ResultLeaf['value']): boolean {
  if (isObject(argument)) return argument[key] === value;
  return Array.isArray(argument) && argument.some((item) => isObject(item) && item[key] === value);
}

/** Earlier calls given an id that only a later result brings. */
function earlyIds(row: CleanRow): (() => CorruptedRow)[] {
  const ids = resultLeaves(row).filter(
    ({ key, value }) => isIdName(key) && typeof value === 'string' && value.length > 3,
  );
  return argumentsOf(row)
    .filter(({ name, value }) => isIdName(name) && typeof value === 'string')
    .flatMap(({ place, name, value: own }) => {
      const said = saidBefore(row.conversation, place.message);
      const later = ids.find(
        ({ message, key, value }) =>
          message > place.message + 1 &&
          key === name &&
          value !== own &&
          !said.includes(String(value).toLowerCase()),
      );
      return later === undefined ? [] : [() => withArgument(row, place, name, later.value)];
    });
}

/** Ids of results and users that an assistant's text repeats. */
function statedIds(row: CleanRow): { index: number; text: string; id: string; said: string }[] {
  const ids = resultLeaves(row).flatMap(({ key, value, message }) =>
    isIdName(key) && typeof value === 'string' && /\d/.test(value) && value.length > 3
      ? [{ id: value, message }]
      : [],
  );
  return statementsOf(row).flatMap(({ index, text }) => {
    const told = ids.find(({ id, message }) => message < index && text.includes(id));
    if (told === undefined) return [];
    return [{ index, text, id: told.id, said: saidBefore(row.conversation, index) }];
  });
}

/** Changes a number of an assistant's text that a result has too. */
function changedAmount(row: CleanRow, random: Random): CorruptedRow | null {
  const statements = statementsOf(row).flatMap(({ index, text }) => {
    const heard = numbersHeard(row, index);
    const moments = momentsIn(text);
    const isOfDate = (at: number): boolean =>
      moments.some(({ start, end }) => start <= at && at < end);
    return quantitiesIn(text)
      .filter((one) => isAmount(one) && heard.has(one.value) && !isOfDate(one.start))
      .map(({ start, end, value }) => ({ index, text, start, end, value, heard }));
  });
  return choose(statements, random, ({ index, text, start, end, value, heard }) => {
    let other = value + random.int(11, 60);
    while (heard.has(other)) other += 13;
    const decimals = Number.isInteger(value) ? 0 : 2;
    const digits = /\d[\d.,]*\d|\d/.exec(text.slice(start, end))?.[0];
    if (digits === undefined) return null;
    const changed = text.slice(start, end).replace(digits, other.toFixed(decimals));
    return withContent(row, index, text.slice(0, start) + changed + text.slice(end));
  });
}

/** A number of something that counts: no year, no part of a date or id. */
function isAmount({ value, unit, noun, spelled, ordinal }: Quantity): boolean {
  return !spelled && !ordinal && value >= 20 && (unit ?? noun) !== null;
}

function numbersHeard({ conversation }: CleanRow, index: number): Set<number> {
  return new Set(quantitiesIn(saidBefore(conversation, index)).map(({ value }) => value));
}
